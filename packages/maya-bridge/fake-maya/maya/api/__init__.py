"""maya.api"""
