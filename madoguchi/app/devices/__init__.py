"""USB devices as the library keeps account of them: the register, exceptions, policies, what agents report. Pure.

What a device is allowed is the agent's to decide (``madoguchi.device_control``); here is what people do about it.
"""
