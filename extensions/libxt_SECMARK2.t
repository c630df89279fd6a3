:INPUT,FORWARD,OUTPUT
*security
-j SECMARK2 --selctx system_u:object_r:web_server_packet_t:s0;-j SECMARK --selctx system_u:object_r:web_server_packet_t:s0;OK
-j SECMARK2 --selctx system_u:object_r:web_server_packet_t:s0:c0,c2;-j SECMARK --selctx system_u:object_r:web_server_packet_t:s0:c0,c2;OK
-j SECMARK2 --seltype web_server_packet_t;-j SECMARK --selctx system_u:object_r:web_server_packet_t:s0;OK
-j SECMARK2 --selctx system_u:object_r:web_server_packet_t:s0 --save;=;OK
-j SECMARK2 --selctx system_u:object_r:web_server_packet_t:s0 --accept;=;OK
-j SECMARK2 --selctx system_u:object_r:web_server_packet_t:s0 --save --accept;=;OK
-j SECMARK2 --accept --save --seltype web_server_packet_t;-j SECMARK2 --selctx system_u:object_r:web_server_packet_t:s0 --save --accept;OK
-j SECMARK2;;FAIL
-j SECMARK2 --save --accept;;FAIL
-j SECMARK2 --selctx;;FAIL
-j SECMARK2 --selctx "";;FAIL
-j SECMARK2 --seltype "";;FAIL
-j SECMARK2 --selctx system_u:object_r:web_servre_packet_t:s0;;FAIL
-j SECMARK2 --selctx system_u:object_r;;FAIL
-j SECMARK2 --seltype system_u:object_r:web_server_packet_t:s0;;FAIL
-j SECMARK2 --selctx system_u:object_r:web_server_packet_t:s0 --seltype web_server_packet_t;;FAIL
-j SECMARK2 --selctx system_u:object_r:web_server_packet_t:s0 --save --save;;FAIL
-j SECMARK2 --selctx system_u:object_r:web_server_packet_t:s0 --restore;;FAIL
