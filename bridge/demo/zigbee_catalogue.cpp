// What the simulated Zigbee2MQTT keeps retained about its bridge and its devices: true shapes of 2.14.1, trimmed.
#include "bridge/demo/zigbee.hpp"

namespace lull::demo {

// Exposes, options and endpoints are those of IKEA INSPELNING, an IKEA white-spectrum bulb, HOBEIAN ZG-210Z and IKEA
// STYRBAR in zigbee-herdsman-converters 26.105.0, without the descriptions.
// clang-format off
const std::string_view kBridgeDevices = R"json(
[{"disabled":false,"endpoints":{"1":{"bindings":[],"clusters":{"input":["genBasic"],"output":["ssIasZone"]},
"configured_reportings":[],"scenes":[]},"242":{"bindings":[],"clusters":{"input":[],"output":["greenPower"]},
"configured_reportings":[],"scenes":[]}},"friendly_name":"Coordinator","ieee_address":"0x00124b0000000001",
"interview_completed":true,"interview_state":"SUCCESSFUL","interviewing":false,"network_address":0,"supported":true,
"type":"Coordinator"},{"date_code":"20240101","definition":{"description":"INSPELNING smart plug","exposes":[{
"features":[{"access":7,"label":"State","name":"state","property":"state","type":"binary","value_off":"OFF",
"value_on":"ON","value_toggle":"TOGGLE"}],"type":"switch"},{"access":7,"category":"config",
"label":"Power-on behavior","name":"power_on_behavior","property":"power_on_behavior","type":"enum","values":["off",
"on","toggle","previous"]},{"access":7,"category":"config","label":"Child lock","name":"child_lock",
"property":"child_lock","type":"binary","value_off":"UNLOCK","value_on":"LOCK"},{"access":7,"category":"config",
"label":"Led disable","name":"led_enable","property":"led_enable","type":"binary","value_off":"FALSE",
"value_on":"TRUE"},{"access":2,"category":"config","label":"Identify","name":"identify","property":"identify",
"type":"enum","values":["identify"]},{"access":5,"label":"Power","name":"power","property":"power","type":"numeric",
"unit":"W"},{"access":5,"label":"Voltage","name":"voltage","property":"voltage","type":"numeric","unit":"V"},{
"access":5,"label":"Current","name":"current","property":"current","type":"numeric","unit":"A"},{"access":5,
"label":"Energy","name":"energy","property":"energy","type":"numeric","unit":"kWh"},{"access":1,
"category":"diagnostic","label":"Linkquality","name":"linkquality","property":"linkquality","type":"numeric",
"unit":"lqi","value_max":255,"value_min":0}],"model":"E22xx","options":[{"access":2,"name":"power_calibration",
"property":"power_calibration","type":"numeric"},{"access":2,"name":"power_precision","property":"power_precision",
"type":"numeric"},{"access":2,"name":"voltage_calibration","property":"voltage_calibration","type":"numeric"},{
"access":2,"name":"voltage_precision","property":"voltage_precision","type":"numeric"},{"access":2,
"name":"current_calibration","property":"current_calibration","type":"numeric"},{"access":2,
"name":"current_precision","property":"current_precision","type":"numeric"},{"access":2,"name":"energy_calibration",
"property":"energy_calibration","type":"numeric"},{"access":2,"name":"energy_precision","property":"energy_precision",
"type":"numeric"},{"access":2,"name":"identify_timeout","property":"identify_timeout","type":"numeric"},{"access":2,
"name":"state_action","property":"state_action","type":"binary","value_off":false,"value_on":true}],"source":"native",
"supports_ota":true,"vendor":"IKEA","version":"0.0.0"},"disabled":false,"endpoints":{"1":{"bindings":[{
"cluster":"genOnOff","target":{"endpoint":1,"ieee_address":"0x00124b0000000001","type":"endpoint"}},{
"cluster":"haElectricalMeasurement","target":{"endpoint":1,"ieee_address":"0x00124b0000000001","type":"endpoint"}},{
"cluster":"seMetering","target":{"endpoint":1,"ieee_address":"0x00124b0000000001","type":"endpoint"}}],"clusters":{
"input":["genBasic","genIdentify","genGroups","genScenes","genOnOff","seMetering","haElectricalMeasurement",
"manuSpecificAmazonWWAH","manuSpecificIkeaSmartPlug"],"output":["genOta"]},"configured_reportings":[{
"attribute":"acPowerDivisor","cluster":"haElectricalMeasurement","maximum_report_interval":65000,
"minimum_report_interval":10,"reportable_change":1},{"attribute":"onOff","cluster":"genOnOff",
"maximum_report_interval":65000,"minimum_report_interval":0,"reportable_change":1},{"attribute":"activePower",
"cluster":"haElectricalMeasurement","maximum_report_interval":65000,"minimum_report_interval":10,
"reportable_change":5},{"attribute":"rmsCurrent","cluster":"haElectricalMeasurement","maximum_report_interval":65000,
"minimum_report_interval":10,"reportable_change":50},{"attribute":"rmsVoltage","cluster":"haElectricalMeasurement",
"maximum_report_interval":65000,"minimum_report_interval":10,"reportable_change":5},{
"attribute":"currentSummDelivered","cluster":"seMetering","maximum_report_interval":65000,
"minimum_report_interval":10,"reportable_change":10}],"scenes":[]}},"friendly_name":"Foot warmer plug",
"ieee_address":"0xa4c1380000000102","interview_completed":true,"interview_state":"SUCCESSFUL","interviewing":false,
"manufacturer":"IKEA of Sweden","model_id":"INSPELNING Smart plug","network_address":4098,
"power_source":"Mains (single phase)","software_build_id":"1.0.0","supported":true,"type":"Router"},{
"date_code":"20240101","definition":{
"description":"TRADFRI bulb E26/27, white spectrum, globe, opal, 1055/1100/1160 lm","exposes":[{"features":[{
"access":7,"label":"State","name":"state","property":"state","type":"binary","value_off":"OFF","value_on":"ON",
"value_toggle":"TOGGLE"},{"access":7,"label":"Brightness","name":"brightness","property":"brightness",
"type":"numeric","value_max":254,"value_min":0},{"access":7,"label":"Color temp","name":"color_temp",
"property":"color_temp","type":"numeric","unit":"mired","value_max":454,"value_min":250},{"access":7,
"label":"Color temp startup","name":"color_temp_startup","property":"color_temp_startup","type":"numeric",
"unit":"mired","value_max":454,"value_min":250},{"access":7,"features":[{"access":7,"label":"Execute if off",
"name":"execute_if_off","property":"execute_if_off","type":"binary","value_off":false,"value_on":true},{"access":7,
"label":"Current level startup","name":"current_level_startup","property":"current_level_startup","type":"numeric",
"value_max":254,"value_min":1}],"label":"Level config","name":"level_config","property":"level_config",
"type":"composite"}],"type":"light"},{"access":2,"label":"Effect","name":"effect","property":"effect","type":"enum",
"values":["blink","breathe","okay","channel_change","finish_effect","stop_effect"]},{"access":7,"category":"config",
"label":"Power-on behavior","name":"power_on_behavior","property":"power_on_behavior","type":"enum","values":["off",
"on","toggle","previous"]},{"access":7,"category":"config","features":[{"access":2,"label":"Execute if off",
"name":"execute_if_off","property":"execute_if_off","type":"binary","value_off":false,"value_on":true}],
"label":"Color options","name":"color_options","property":"color_options","type":"composite"},{"access":2,
"category":"config","label":"Identify","name":"identify","property":"identify","type":"enum","values":["identify"]},{
"access":1,"category":"diagnostic","label":"Linkquality","name":"linkquality","property":"linkquality",
"type":"numeric","unit":"lqi","value_max":255,"value_min":0}],"model":"LED2003G10","options":[{"access":2,
"name":"transition","property":"transition","type":"numeric"},{"access":2,"name":"unfreeze_support",
"property":"unfreeze_support","type":"binary","value_off":false,"value_on":true},{"access":2,"name":"color_sync",
"property":"color_sync","type":"binary","value_off":false,"value_on":true},{"access":2,"name":"identify_timeout",
"property":"identify_timeout","type":"numeric"},{"access":2,"name":"state_action","property":"state_action",
"type":"binary","value_off":false,"value_on":true}],"source":"native","supports_ota":true,"vendor":"IKEA",
"version":"0.0.0"},"disabled":false,"endpoints":{"1":{"bindings":[],"clusters":{"input":["genBasic","genIdentify",
"genGroups","genScenes","genOnOff","genLevelCtrl","lightingColorCtrl"],"output":["genOta"]},"configured_reportings":[
],"scenes":[]}},"friendly_name":"Bedside lamp","ieee_address":"0xa4c1380000000105","interview_completed":true,
"interview_state":"SUCCESSFUL","interviewing":false,"manufacturer":"IKEA of Sweden",
"model_id":"TRADFRIbulbE27WSglobeopal1055lm","network_address":4101,"power_source":"Mains (single phase)",
"software_build_id":"1.0.0","supported":true,"type":"Router"},{"date_code":"20240101","definition":{
"description":"Pressure Sensing Strap/Bed Occupancy Sensor","exposes":[{"access":1,"label":"Pressure state",
"name":"pressure_state","property":"pressure_state","type":"enum","values":["none","sit","sedentary"]},{"access":1,
"label":"Current pressure","name":"current_pressure","property":"current_pressure","type":"numeric","unit":"x"},{
"access":1,"label":"Temperature","name":"temperature","property":"temperature","type":"numeric","unit":"°C"},{
"access":1,"label":"Humidity","name":"humidity","property":"humidity","type":"numeric","unit":"%"},{"access":1,
"category":"diagnostic","label":"Battery","name":"battery","property":"battery","type":"numeric","unit":"%",
"value_max":100,"value_min":0},{"access":7,"label":"Pressure intensity","name":"pressure_intensity",
"property":"pressure_intensity","type":"numeric","unit":"x","value_max":2000,"value_min":0,"value_step":1},{
"access":7,"label":"Presence delay","name":"presence_delay","property":"presence_delay","type":"numeric","unit":"s",
"value_max":3600,"value_min":0,"value_step":1},{"access":7,"label":"Sedentary reminder","name":"sedentary_reminder",
"property":"sedentary_reminder","type":"numeric","unit":"minutes","value_max":1440,"value_min":0,"value_step":1},{
"access":3,"label":"Temperature calibration","name":"temperature_calibration","property":"temperature_calibration",
"type":"numeric","unit":"°C","value_max":2,"value_min":-2,"value_step":0.1},{"access":3,
"label":"Humidity calibration","name":"humidity_calibration","property":"humidity_calibration","type":"numeric",
"unit":"%","value_max":30,"value_min":-30,"value_step":1},{"access":1,"category":"diagnostic","label":"Linkquality",
"name":"linkquality","property":"linkquality","type":"numeric","unit":"lqi","value_max":255,"value_min":0}],
"model":"ZG-210Z","options":[{"access":2,"name":"time_start","property":"time_start","type":"enum","values":["1970",
"2000","off"]},{"access":2,"name":"temperature_calibration","property":"temperature_calibration","type":"numeric"},{
"access":2,"name":"temperature_precision","property":"temperature_precision","type":"numeric"},{"access":2,
"name":"humidity_calibration","property":"humidity_calibration","type":"numeric"},{"access":2,
"name":"humidity_precision","property":"humidity_precision","type":"numeric"}],"source":"native","supports_ota":false,
"vendor":"HOBEIAN","version":"0.0.0"},"disabled":false,"endpoints":{"1":{"bindings":[],"clusters":{"input":[
"genBasic","genGroups","genScenes","manuSpecificTuya"],"output":["genOta","genTime"]},"configured_reportings":[],
"scenes":[]}},"friendly_name":"Bed left","ieee_address":"0xa4c1380000000109","interview_completed":true,
"interview_state":"SUCCESSFUL","interviewing":false,"manufacturer":"HOBEIAN","model_id":"ZG-210Z",
"network_address":4105,"power_source":"Battery","software_build_id":"1.0.0","supported":true,"type":"EndDevice"},{
"date_code":"20240101","definition":{"description":"STYRBAR remote control","exposes":[{"access":2,
"category":"config","label":"Identify","name":"identify","property":"identify","type":"enum","values":["identify"]},{
"access":5,"category":"diagnostic","label":"Battery","name":"battery","property":"battery","type":"numeric",
"unit":"%","value_max":100,"value_min":0},{"access":1,"category":"diagnostic","label":"Action","name":"action",
"property":"action","type":"enum","values":["on","off","brightness_move_up","brightness_move_down","brightness_stop",
"arrow_left_click","arrow_left_hold","arrow_left_release","arrow_right_click","arrow_right_hold",
"arrow_right_release"]},{"access":1,"category":"diagnostic","label":"Linkquality","name":"linkquality",
"property":"linkquality","type":"numeric","unit":"lqi","value_max":255,"value_min":0}],"model":"E2001/E2002/E2313",
"options":[{"access":2,"name":"identify_timeout","property":"identify_timeout","type":"numeric"},{"access":2,
"features":[{"access":2,"label":"Delta","name":"delta","property":"delta","type":"numeric","value_min":0},{"access":2,
"label":"Interval","name":"interval","property":"interval","type":"numeric","unit":"ms","value_min":0}],
"name":"simulated_brightness","property":"simulated_brightness","type":"composite"}],"source":"native",
"supports_ota":true,"vendor":"IKEA","version":"0.0.0"},"disabled":false,"endpoints":{"1":{"bindings":[{
"cluster":"genPollCtrl","target":{"endpoint":1,"ieee_address":"0x00124b0000000001","type":"endpoint"}},{
"cluster":"genOnOff","target":{"endpoint":1,"ieee_address":"0x00124b0000000001","type":"endpoint"}},{
"cluster":"genLevelCtrl","target":{"endpoint":1,"ieee_address":"0x00124b0000000001","type":"endpoint"}},{
"cluster":"genScenes","target":{"endpoint":1,"ieee_address":"0x00124b0000000001","type":"endpoint"}},{
"cluster":"genPowerCfg","target":{"endpoint":1,"ieee_address":"0x00124b0000000001","type":"endpoint"}}],"clusters":{
"input":["genBasic","genPowerCfg","genIdentify","genPollCtrl"],"output":["genIdentify","genGroups","genScenes",
"genOnOff","genLevelCtrl","genOta","touchlink"]},"configured_reportings":[{"attribute":"batteryPercentageRemaining",
"cluster":"genPowerCfg","maximum_report_interval":65000,"minimum_report_interval":3600,"reportable_change":10}],
"scenes":[]}},"friendly_name":"Bedside button","ieee_address":"0xa4c138000000010b","interview_completed":true,
"interview_state":"SUCCESSFUL","interviewing":false,"manufacturer":"IKEA of Sweden","model_id":"Remote Control N2",
"network_address":4107,"power_source":"Battery","software_build_id":"2.4.16","supported":true,"type":"EndDevice"}])json";

const std::string_view kBridgeInfo = R"json(
{"commit":"3c3d8c1a","config":{"advanced":{"cache_state":true,"cache_state_persistent":true,
"cache_state_send_on_startup":true,"channel":15,"elapsed":false,"enable_external_js":false,"ext_pan_id":[1,2,3,4,5,6,
7,8],"last_seen":"ISO_8601","output":"json","pan_id":6754,"timestamp_format":"YYYY-MM-DD HH:mm:ss"},"availability":{
"active":{"backoff":true,"max_jitter":30000,"pause_on_backoff_gt":0,"timeout":10},"enabled":true,"passive":{
"timeout":1500}},"devices":{"0xa4c1380000000102":{"friendly_name":"Foot warmer plug"},"0xa4c1380000000105":{
"friendly_name":"Bedside lamp"},"0xa4c1380000000109":{"friendly_name":"Bed left"},"0xa4c138000000010b":{
"friendly_name":"Bedside button"}},"groups":{},"health":{"interval":10,"reset_on_check":false},"mqtt":{
"base_topic":"zigbee2mqtt","force_disable_retain":false,"include_device_information":false,"keepalive":60,"version":4
},"version":5},"config_schema":{},"coordinator":{"ieee_address":"0x00124b0000000001","meta":{"revision":"1"},
"type":"SimulatedRadio"},"log_level":"info","mqtt":{"version":4},"network":{"channel":15,
"extended_pan_id":"0x0102030405060708","pan_id":6754},"os":{"version":"Linux","node_version":"v20.20.2"},
"permit_join":false,"restart_required":false,"version":"2.14.1","zigbee_herdsman":{"version":"10.9.2"},
"zigbee_herdsman_converters":{"version":"26.105.0"}})json";
// clang-format on

}  // namespace lull::demo
