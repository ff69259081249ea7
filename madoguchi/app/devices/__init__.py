"""USB devices as the library keeps account of them: register, exceptions, policies, what agents report. Pure.

What a device is allowed is the agent's to decide (``madoguchi.device_control``); here is what people do.
"""
