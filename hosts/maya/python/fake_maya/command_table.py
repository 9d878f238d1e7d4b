"""Commands of Maya that the package uses, with their flags: long name to short name.

From the command reference (Maya 2022 to 2026). Anything else is refused, as in Maya.
"""


def flags(text):
    """Reads ``longName/short`` pairs."""
    return dict(pair.split("/") for pair in text.split())


#: Those of every control of the user interface.
CONTROL = (
    "defineTemplate/dt exists/ex useTemplate/ut annotation/ann backgroundColor/bgc docTag/dtg "
    "dragCallback/dgc dropCallback/dpc enable/en enableBackground/ebg enableKeyboardFocus/ekf "
    "fullPathName/fpn height/h isObscured/io manage/m noBackground/nbg numberOfPopupMenus/npm parent/p "
    "popupMenuArray/pma preventOverride/po visible/vis visibleChangeCommand/vcc width/w highlightColor/hlc "
    "statusBarMessage/sbm"
)
LAYOUT = CONTROL + " childArray/ca numberOfChildren/nch"

COMMANDS = {
    "AbcExport": flags("jobArg/j preRollStartFrame/prs dontSkipUnwrittenFrames/duf verbose/v help/h"),
    "about": flags(
        "api/api apiVersion/apv application/a batch/b buildDirectory/bd buildVariant/bv connected/cnt "
        "currentTime/ct currentDate/cd cutIdentifier/c codeset/cs date/d environmentFile/env evalVersion/ev "
        "file/f fontInfo/foi helpDataDirectory/hdd installedVersion/iv irix/ir is64/x64 "
        "languageResources/lr linux/li linux64/l64 localizedResourceLocation/lrl ltVersion/lt macOS/mac "
        "macOSx86/x86 macOSppc/ppc majorVersion/mjv minorVersion/mnv ntOS/nt operatingSystem/os "
        "operatingSystemVersion/osv patchVersion/ptv preferences/pd product/p qtVersion/qt tablet/tab "
        "tabletMode/tm uiLanguage/uil uiLanguageForStartup/uis uiLanguageIsLocalized/uii "
        "uiLocaleLanguage/ull version/v win64/w64 windows/win windowManager/wm"
    ),
    "button": flags(
        CONTROL + " actOnPress/aop actionIsSubstitute/ais align/al command/c label/l recomputeSize/rs"
    ),
    "colorManagementPrefs": flags(
        "cmConfigFileEnabled/cfe cmEnabled/cme colorManageAllNodes/cma colorManagePots/cmp "
        "colorManagedNodes/cmn colorManagementSDKVersion/cmv configFilePath/cfp defaultInputSpaceName/din "
        "displayName/dn equalsToPolicyFile/etp exportPolicy/epy loadPolicy/lpy "
        "loadedDefaultInputSpaceName/ldn loadedOutputTransformName/lon loadedRenderingSpaceName/lrn "
        "loadedViewTransformName/lvn ocioRulesEnabled/ore outputTransformEnabled/ote "
        "outputTransformName/otn outputTransformNames/ots policyFileName/pfn popupOnError/poe "
        "renderingSpaceName/rsn renderingSpaceNames/rss restoreDefaults/rde viewName/vn viewNames/vns "
        "viewTransformName/vtn viewTransformNames/vts inputSpaceNames/iss displayNames/dns"
    ),
    "columnLayout": flags(
        LAYOUT
        + " adjustableColumn/adj columnAlign/cal columnAttach/cat columnOffset/co columnWidth/cw margins/mar "
        "rowSpacing/rs"
    ),
    "commandPort": flags(
        "bufferSize/bs close/cl echoOutput/eo listPorts/lp name/n noreturn/nr pickleOutput/po prefix/pre "
        "returnNumCommands/rnc securityWarning/sw sourceType/stp"
    ),
    "confirmDialog": flags(
        "annotation/ann backgroundColor/bgc button/b cancelButton/cb defaultButton/db dismissString/ds "
        "icon/icn message/m messageAlign/ma parent/p title/t"
    ),
    "connectionInfo": flags(
        "destinationFromSource/dfs getExactDestination/ged getExactSource/ges getLockedAncestor/gla "
        "isDestination/id isExactDestination/ied isExactSource/ies isLocked/il isSource/is "
        "sourceFromDestination/sfd"
    ),
    "currentTime": flags("time/time update/u"),
    "currentUnit": flags("angle/a fullName/f linear/l time/t updateAnimation/ua"),
    "deleteUI": flags(
        "button/btn control/ctl editor/ed layout/lay menu/mnu menuItem/mi panel/pnl radioButton/rb "
        "toolContext/tc uiTemplate/uit window/wnd checkBox/chk collapse/cls"
    ),
    "editDisplayLayerMembers": flags("fullNames/fn noRecurse/nr"),
    "evalDeferred": flags("evaluateNext/en list/ls lowestPriority/lp lowPriority/low"),
    "file": flags(
        "activate/a add/add anyModified/amf applyTo/at buildLoadSettings/bls channels/chn cleanReference/cr "
        "command/c compress/cmp constraints/con constructionHistory/ch copyNumberList/cnl "
        "defaultExtensions/de deferReference/dr editCommand/ec errorStatus/err executeScriptNodes/esn "
        "exists/ex expandName/exn exportAll/ea exportAnim/ean exportAnimFromReference/ear "
        "exportAsReference/er exportAsSegment/eas exportEdits/eed exportSelected/es exportSelectedAnim/esa "
        "exportSelectedAnimFromReference/sar exportSelectedStrict/ess exportUnloadedReferences/eur "
        "expressions/exp flushReference/fr force/f groupLocator/gl groupName/gn groupReference/gr "
        "ignoreVersion/iv import/i importFrameRate/ifr importReference/ir importTimeRange/itr "
        "lastFileOption/lfo lastTempFile/ltf list/l loadAllDeferred/lad loadAllReferences/lar "
        "loadNoReferences/lnr loadReference/lr loadReferenceDepth/lrd loadReferencePreview/lrp "
        "loadSettings/ls location/loc lockContainerUnpublished/lcu lockFile/lf lockReference/lck "
        "mapPlaceHolderNamespace/mpn mergeNamespaceWithParent/mnp mergeNamespacesOnClash/mnc modified/mf "
        "moveSelected/ms namespace/ns newFile/new open/o options/op parentNamespace/pns postSaveScript/pos "
        "preSaveScript/pre preserveName/pn preserveReferences/pr preserveUndo/pu preview/pv prompt/pmt "
        "proxyManager/pm proxyTag/pt reference/r referenceDepth/rd referenceNode/rfn relativeNamespace/rns "
        "removeReference/rr rename/rn renameAll/ra renameToSave/rts renamingPrefix/rpr "
        "renamingPrefixList/rpl replaceName/rep returnNewNodes/rnn save/s saveDiskCache/sdc "
        "saveReference/sr saveReferencesUnloaded/sru saveTextures/stx sceneName/sn segment/seg selectAll/sa "
        "shader/sh sharedNodes/shd sharedReferenceFile/srf shortName/shn strict/str swapNamespace/sns "
        "type/typ uiConfiguration/uc unloadReference/ur unresolvedName/un usingNamespaces/uns "
        "withoutCopyNumber/wcn writable/w"
    ),
    "fileDialog2": flags(
        "cancelCaption/cc caption/cap dialogStyle/ds fileFilter/ff fileMode/fm fileTypeChanged/ftc "
        "hideFileExtensions/hfe hideNameEdit/hne okCaption/okc optionsUICancel/oca optionsUICommit/ocm "
        "optionsUICommit2/oc2 optionsUICreate/ocr optionsUIInit/oin returnFilter/rf selectFileFilter/sff "
        "selectionChanged/sc setProjectBtnEnabled/spe startingDirectory/dir"
    ),
    "filePathEditor": flags(
        "attributeOnly/ao attributeType/at byType/bt cacheEnabled/ce cacheUpdate/cu copyAndRepath/cr "
        "deregisterType/dt force/f listDirectories/ld listFiles/lf listRegisteredTypes/lrt preview/p "
        "recursive/rec refresh/rf registerType/rt relativeNames/rn repath/r replaceAll/ra replaceField/rfd "
        "replaceString/rs status/s temporary/tmp typeLabel/tl unresolved/u withAttribute/wa"
    ),
    "frameLayout": flags(
        LAYOUT
        + " borderStyle/bs borderVisible/bv collapse/cl collapseCommand/cc collapsable/cll expandCommand/ec "
        "font/fn label/l labelAlign/la labelIndent/li labelVisible/lv labelWidth/lw marginHeight/mh "
        "marginWidth/mw preCollapseCommand/pcc preExpandCommand/pec"
    ),
    "getAttr": flags(
        "asString/as caching/ca channelBox/cb expandEnvironmentVariables/x keyable/k lock/l multiIndices/mi "
        "settable/se silent/sl size/s time/t type/typ"
    ),
    "imagePlane": flags(
        "camera/c counter/cnt detach/d dropFrame/df fileName/fn fileDialog/fd frameDuration/fdn height/h "
        "imageSize/iz lookThrough/lt maintainRatio/mr name/n negTimesOK/nto netTimecode/ntc numFrames/nf "
        "quickTime/qt showInAllViews/sia timeCode/tc timeCodeTrack/tct timeScale/ts twentyFourHourMax/tfh "
        "width/w"
    ),
    "inViewMessage": flags(
        "assistMessage/amg backColor/bkc clear/cl clickKill/ck dragKill/dk fade/f fadeInTime/fit "
        "fadeOutTime/fot fadeStayTime/fst font/fnt fontSize/fts frameOffset/fof hide/hd minimize/min "
        "position/pos show/sh statusMessage/smg textAlpha/ta textColor/tc textOffset/tof uvMessage/uvm "
        "alpha/a message/msg"
    ),
    "internalVar": flags(
        "userAppDir/uad userBitmapsDir/ubd userHotkeyDir/uhk userMarkingMenuDir/umm userPrefDir/upd "
        "userPresetsDir/ups userScriptDir/usd userShelfDir/ush userTmpDir/utd userWorkspaceDir/uwd"
    ),
    "launch": flags("directory/dir movie/mov pdfFile/pdf webPage/web"),
    "listAttr": flags(
        "array/a caching/ca category/ct changedSinceFileOpen/cfo channelBox/cb connectable/c extension/ex "
        "fromPlugin/fp hasData/hd hasNullData/hnd inUse/iu keyable/k leaf/lf locked/l multi/m nodeName/nn "
        "output/o ramp/ra read/r readOnly/ro scalar/s scalarAndArray/sa settable/se shortNames/sn string/st "
        "unlocked/u usedAsFilename/uf userDefined/ud visible/v write/w"
    ),
    "listRelatives": flags(
        "allDescendents/ad allParents/ap children/c fullPath/f noIntermediate/ni parent/p path/pa shapes/s "
        "type/typ"
    ),
    "loadPlugin": flags("addCallback/ac allPlugins/a name/n quiet/qt removeCallback/rc"),
    "ls": flags(
        "absoluteName/an allPaths/ap assemblies/as cameras/ca containerType/ct containers/con "
        "dagObjects/dag defaultNodes/dn dependencyNodes/dep exactType/et excludeType/ext flatten/fl "
        "geometry/g ghost/gh head/hd hilite/hl intermediateObjects/io invisible/iv leaf/lf lights/lt "
        "live/lv lockedNodes/ln long/l materials/mat modified/mod noIntermediate/ni nodeTypes/nt "
        "objectsOnly/o orderedSelection/os partitions/pr persistentNodes/pn planes/pl preSelectHilite/psh "
        "readOnly/ro recursive/r referencedNodes/rn references/rf renderGlobals/rg renderQualities/rq "
        "renderResolutions/rr renderSetups/rs selection/sl sets/set shapes/s shortNames/sn "
        "showNamespace/sns showType/st tail/tl templated/tm textures/tex transforms/tr type/typ "
        "undeletable/ud untemplated/ut uuid/uid visible/v"
    ),
    "mayaUSDExport": flags(
        "file/f append/a exportRoots/ero selection/sl frameRange/fr frameStride/fs frameSample/fsp "
        "defaultUSDFormat/duf shadingMode/shd convertMaterialsTo/cmt exportRelativeTextures/ert "
        "mergeTransformAndShape/mt stripNamespaces/sn defaultMeshScheme/dms exportVisibility/vis "
        "exportInstances/ein exportSkels/skl exportSkin/skn filterTypes/ft renderableOnly/ro worldspace/wsp "
        "upAxis/upa unit/unt staticSingleSample/sss eulerFilter/ef exportUVs/uvs exportColorSets/cls "
        "exportDisplayColor/dc exportReferenceObjects/rob defaultCameras/dfc"
    ),
    "menu": flags(
        "allowOptionBoxes/aob defineTemplate/dt deleteAllItems/dai docTag/dtg enable/en "
        "enableBackground/ebg exists/ex familyImage/fi helpMenu/hm itemArray/ia label/l menuIndex/mi "
        "mnemonic/mn numberOfItems/ni parent/p postMenuCommand/pmc postMenuCommandOnce/pmo scrollable/s "
        "tearOff/to useTemplate/ut version/ver visible/vis"
    ),
    "menuItem": flags(
        "allowOptionBoxes/aob altModifier/alt annotation/ann boldFont/bld checkBox/cb collection/cl "
        "command/c commandModifier/cmd ctrlModifier/ctl data/da defineTemplate/dt divider/d dividerLabel/dl "
        "docTag/dtg dragDoubleClickCommand/ddc dragMenuCommand/dmc echoCommand/ec enable/en "
        "enableCommandRepeat/ecr exists/ex familyImage/fi image/i insertAfter/ia isCheckBox/icb "
        "isOptionBox/iob isRadioButton/irb italicized/itl keyEquivalent/ke label/l longDivider/ld "
        "mnemonic/mn optionBox/ob optionBoxIcon/obi optionModifier/opt parent/p postMenuCommand/pmc "
        "radialPosition/rp radioButton/rb runTimeCommand/rtc shiftModifier/sh sourceType/stp subMenu/sm "
        "tearOff/to useTemplate/ut version/ver visible/vis"
    ),
    "nodeType": flags("apiType/api derived/d inherited/i isTypeName/itn"),
    "objExists": {},
    "pluginInfo": flags(
        "activatedPlugins/act animCurveInterp/aci apiVersion/av autoload/a cacheFormat/cf changedCommand/cc "
        "command/c dependNode/dn listPlugins/ls loadPluginPrefs/lpp loaded/l name/n path/p pluginsInUse/pu "
        "registered/r savePluginPrefs/spp serviceDescriptions/sd settings/set unloadOk/uo userNamed/u "
        "vendor/vd version/v"
    ),
    "progressBar": flags(
        CONTROL + " beginProgress/bp endProgress/ep isCancelled/ic isInterruptable/ii isMainProgressBar/imp "
        "maxValue/max minValue/min progress/pr status/st step/s"
    ),
    "referenceQuery": flags(
        "child/ch dagPath/dp editAttrs/ea editCommand/ec editNodes/en editStrings/es failedEdits/fld "
        "filename/f isExportEdits/iee isLoaded/il isNodeReferenced/inr isPreviewOnly/ipo liveEdits/le "
        "namespace/ns nodes/n onReferenceNode/orn parent/p parentNamespace/pns referenceNode/rfn "
        "shortName/shn showDagPath/sdp showNamespace/sns successfulEdits/scs topReference/tr "
        "unresolvedName/un withoutCopyNumber/wcn"
    ),
    "rowLayout": flags(
        LAYOUT + " adjustableColumn/adj columnAlign/cal columnAttach/cat columnOffset/co columnWidth/cw "
        "numberOfColumns/nc rowAttach/rat"
    ),
    "scriptJob": flags(
        "allChildren/ac allDescendents/ad attributeAdded/aa attributeChange/ac attributeDeleted/ad "
        "compressUndo/cu conditionChange/cc conditionFalse/cf conditionTrue/ct connectionChange/con "
        "disregardIndex/dri event/e exists/ex force/f idleEvent/ie kill/k killAll/ka killWithScene/kws "
        "listConditions/lc listEvents/le listJobs/lj nodeDeleted/nd nodeNameChanged/nnc parent/p "
        "permanent/per protected/pro replacePrevious/rp runOnce/ro timeChange/tc uiDeleted/uid"
    ),
    "scrollLayout": flags(
        LAYOUT + " borderVisible/bv childResizable/cr horizontalScrollBarThickness/hst minChildWidth/mcw "
        "resizeCommand/rc scrollAreaHeight/sah scrollAreaValue/sav scrollAreaWidth/saw scrollByPixel/sbp "
        "scrollPage/sp verticalScrollBarAlwaysVisible/vsb verticalScrollBarThickness/vst panEnabled/pe"
    ),
    "select": flags(
        "add/add addFirst/af all/all allDagObjects/ado allDependencyNodes/adn clear/cl containerCentric/cc "
        "deselect/d hierarchy/hi noExpand/ne replace/r symmetry/sym symmetrySide/sys toggle/tgl visible/vis"
    ),
    "setAttr": flags(
        "alteredValue/av caching/ca capacityHint/ch channelBox/cb clamp/c keyable/k lock/l size/s type/typ"
    ),
    "setParent": flags("defineTemplate/dt menu/m topLevel/top upLevel/u useTemplate/ut"),
    "shelfButton": flags(
        CONTROL + " actionIsSubstitute/ais align/al command/c commandRepeatable/rpt doubleClickCommand/dcc "
        "enableCommandRepeat/ecr flat/fla flipX/fx flipY/fy font/fn handleNodeDropCallback/hnd image/i "
        "image1/i1 image2/i2 image3/i3 imageOverlayLabel/iol label/l labelOffset/lo ltVersion/lt "
        "marginHeight/mh marginWidth/mw menuItem/mi menuItemPython/mip menuItemWithIcon/miwi "
        "noDefaultPopup/ndp overlayLabelBackColor/olb overlayLabelColor/olc recomputeSize/rs rotation/rot "
        "scaleIcon/sic selectionImage/si sourceType/stp style/st useAlpha/ua version/ver"
    ),
    "shelfLayout": flags(
        LAYOUT
        + " alignment/aln cellHeight/ch cellWidth/cwd cellWidthHeight/cwh position/pos spacing/spa style/st"
    ),
    "showWindow": {},
    "text": flags(CONTROL + " align/al font/fn hyperlink/hl label/l recomputeSize/rs wordWrap/ww"),
    "upAxis": flags("axis/ax rotateView/rv"),
    "warning": flags("noContext/n showLineNumber/sl"),
    "window": flags(
        "backgroundColor/bgc closeCommand/cc defineTemplate/dt docTag/dtg dockStation/ds dockingLayout/dl "
        "exists/ex frontWindow/fw height/h iconName/in iconify/i interactivePlacement/ip leftEdge/le "
        "mainMenuBar/mm mainWindow/mw maximizeButton/mxb menuArray/ma menuBar/mb menuBarCornerWidget/mbc "
        "menuBarResize/mbr menuBarVisible/mbv menuIndex/mi minimizeButton/mnb minimizeCommand/mnc "
        "nestedDockingEnabled/nde numberOfMenus/nm parent/p resizeToFitChildren/rtf restoreCommand/rc "
        "retain/ret sizeable/s state/st title/t titleBar/tb titleBarMenu/tbm toolbox/tlb topEdge/te "
        "topLeftCorner/tlc useTemplate/ut visible/vis width/w widthHeight/wh"
    ),
    "workspace": flags(
        "active/act baseWorkspace/bw create/cr directory/dir expandName/en fileRule/fr fileRuleEntry/fre "
        "fileRuleList/frl filter/f fullName/fn list/l listFullWorkspaces/lfw listWorkspaces/lw "
        "newWorkspace/n objectType/ot openWorkspace/o projectPath/pp removeFileRuleEntry/rfr "
        "removeVariableEntry/rve renderType/rt renderTypeEntry/rte renderTypeList/rtl rootDirectory/rd "
        "saveWorkspace/s shortName/sn updateAll/ua variable/v variableEntry/ve variableList/vl"
    ),
}

#: Of every command.
ALWAYS = flags("query/q edit/e")
#: These need a user interface; in batch mode Maya has none.
NEED_INTERFACE = {
    "button",
    "columnLayout",
    "confirmDialog",
    "deleteUI",
    "fileDialog2",
    "frameLayout",
    "inViewMessage",
    "launch",
    "menu",
    "menuItem",
    "progressBar",
    "rowLayout",
    "scrollLayout",
    "setParent",
    "shelfButton",
    "shelfLayout",
    "showWindow",
    "text",
    "window",
}


def long_names(command, given):
    """Returns the flags by their long names.

    Raises TypeError for one that the command does not have, as Maya does.
    """
    known = dict(COMMANDS[command], **ALWAYS)
    by_short = {short: name for name, short in known.items()}
    named = {}
    for flag, value in given.items():
        name = flag if flag in known else by_short.get(flag)
        if name is None:
            raise TypeError("Invalid flag '{}'".format(flag))
        named[name] = value
    return named
