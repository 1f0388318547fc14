package org.memphisee.core.memphis;

/** Requests as SDKs send them, with single quotes in place of double ones. */
final class SdkRequests {

    static final String STATIONS = "$memphis_station_creations";
    static final String PRODUCERS = "$memphis_producer_creations";
    static final String CONSUMERS = "$memphis_consumer_creations";

    private SdkRequests() { }

    static String station(String name, String more) {
        return "{'name':'" + name + "','retention_type':'message_age_sec','retention_value':3600,'storage_type':'file',"
            + "'replicas':1,'idempotency_window_in_ms':120000,'schema_name':'',"
            + "'dls_configuration':{'poison':true,'Schemaverse':true},'username':'root','tiered_storage_enabled':false,"
            + "'partitions_number':2,'dls_station':''" + more + "}";
    }

    static String consumer(String name, String group, String more) {
        return "{'name':'" + name + "','station_name':'My.Station-1','connection_id':'uuid-1',"
            + "'consumer_type':'application','consumers_group':'" + group + "','max_ack_time_ms':30000,"
            + "'max_msg_deliveries':3,'start_consume_from_sequence':1,'last_messages':-1,'req_version':4,"
            + "'username':'root','app_id':'a','sdk_lang':'node.js'" + more + "}";
    }
}
