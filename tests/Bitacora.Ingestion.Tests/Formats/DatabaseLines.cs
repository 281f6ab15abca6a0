using System.Text;
using Bitacora.Records;

namespace Bitacora.Ingestion.Tests.Formats;

/// <summary>Lines of databases' and OpenStack's logs, of every kind that their decoders tell apart.</summary>
internal static class DatabaseLines
{
    public static readonly TheoryData<string> Formats =
        ["postgresql", "postgresql-csv", "postgresql-json", "mysql", "mariadb", "openstack"];

    public static FormatContext Context => new(TimeZoneInfo.Utc, RecordTime.ToDateTimeOffset(Decoded.Noon)) { Stem = "file" };

    public static IFormatDecoder Decoder(string format) => LogFormats.Find(format)!.Create(Context);

    public static byte[] Of(string format) => Encoding.UTF8.GetBytes(format switch
    {
        "postgresql" =>
            """
            2023-11-23 07:41:37.602 CET [18866] LOG:  starting PostgreSQL 15.18
            2023-11-23 07:41:37.729 CET [18875] [unknown]@[unknown] LOG:  connection received: host=[local]
            2023-11-23 07:41:37.825 CET [18879] postgres@shop ERROR:  duplicate key value violates unique constraint "t_pkey"
            2023-11-23 07:41:37.825 CET [18866] LOG:  checkpoint starting: time
            2023-11-23 07:41:37.825 CET [18879] postgres@shop DETAIL:  Key (a)=(1) already exists.
            2023-11-23 07:41:37.825 CET [18879] postgres@shop STATEMENT:  insert into t
            \t  values (1)
            \t
            \t-- end
            2023-11-23 07:41:37.825 +03 [18879] postgres@shop LOG:  duration: 3.193 ms  execute S_1: select 1
            2023-11-23 07:41:38 CET:203.0.113.7(51234):app user@my shop:[18892]: FATAL:  relation "nope" does not exist
            2023-11-23 07:41:38 CET [18899]: [4-1] user=postgres,db=postgres,app=psql, or not,client=[local] STATEMENT:  select * from nope
            1795416099.588 [18910] WARNUNG:  in another language
            1795416099.588 [18910] TIPP:  fragen
            cp: cannot stat 'x': No such file or directory
            """.Replace("\\t", "\t", StringComparison.Ordinal),
        "postgresql-csv" =>
            """
            2023-11-23 07:41:37.602 CET,,,18866,,6b03e021.49b2,1,,2023-11-23 07:41:37 CET,,0,LOG,00000,"starting",,,,,,,,,"","postmaster",,0
            2023-11-23 07:41:37.825 CET,"postgres","my ""shop"" 2",18879,"203.0.113.7:5000",6b03e021.49bf,3,"INSERT",2023-11-23 07:41:37 CET,3/6,726,ERROR,23505,"duplicate ""t_pkey"" 2","Key (a)=(1) already exists.",,"sql",3,"here","insert into t

            {"values": 1}",7,"f, a.c:1","psql","client backend",18880,-7
            2023-11-23 07:41:37.904 CET,"postgres","postgres",18883,"[local]",6b03e021.49c3,3,"DO",2023-11-23 07:41:37 CET,3/10,0,DEBUG1,01000,"w",,,,,,,,,"psql"
            2023-11-23 07:41:37.904 CET,"postgres","postgres",18883,"[local]",6b03e021.49c3,5,"idle",2023-11-23 07:41:37 CET,,0,LOG,00000,"duration: 1 ms",,,,,,,,,"psql","client backend"
            """,
        "postgresql-json" =>
            """
            {"timestamp":"2023-11-23 07:41:37.602 CET","pid":18866,"session_id":"6b03e021.49b2","line_num":1,"session_start":"2023-11-23 07:41:37 CET","txid":0,"error_severity":"LOG","message":"starting","backend_type":"postmaster","query_id":0}
            {"timestamp":"2023-11-23 07:41:37.904 CET","user":"postgres","dbname":"p","pid":18883,"remote_host":"::1","remote_port":5000,"session_id":"6b03e021.49c3","line_num":3,"ps":"DO","session_start":"2023-11-23 07:41:37 CET","vxid":"3/10","txid":7,"error_severity":"WARNING","state_code":"01000","message":"w with \"quotes\" and\nnewline","context":"at RAISE","application_name":"psql","backend_type":"client backend","query_id":-5}
            {"timestamp":"2023-11-23 07:41:38 CET","pid":1,"error_severity":"DEBUG5","message":"m","func_name":"f","file_name":"a.c","file_line_num":12,"new":{"a":[1]},"later":"b\u00e9"}
            {"timestamp":"2023-11-23 07:41:39 CET","pid":1,"error_severity":"LOG","message":"duration: 1.5 ms  statement: select 1"}
            """,
        "mysql" =>
            """
            2023-11-23T06:44:00.538083Z 0 [System] [MY-010116] [Server] /usr/sbin/mysqld (mysqld 8.0.39) starting as process 4711
            2023-11-23T06:44:00.550565+01:00 7 [Warning] [MY-010068] [Server] CA certificate ca.pem is self signed.
            2023-11-23T06:44:00.669397Z 0 [Note] InnoDB: PUNCH HOLE support available
            2023-11-23T06:44:01.000000Z 18446744073709551 [ERROR] [MY-013183] [InnoDB] Assertion failure
            InnoDB: We intentionally generate a memory trap.
            2023-11-23T06:44:04Z UTC - mysqld got signal 6 ;
            Most likely, you have hit a bug.

            /usr/sbin/mysqld(my_print_stacktrace(unsigned char const*, unsigned long)+0x41) [0x5581]
            06:44:04 UTC - mysqld got signal 11 ;
            2023-11-23T06:44:05.000000Z mysqld_safe mysqld from pid file /run/mysqld/mysqld.pid ended
            2023-11-23T06:44:05.000000Z 3 [Other] who knows
            """,
        "mariadb" =>
            """
            2023-11-23  6:44:01 0 [Note] InnoDB: Completed initialization of buffer pool
            2023-11-23 16:44:02 5 [Warning] Aborted connection 5 to db: 'shop' user: 'shop' host: 'web1' (Got timeout)
            2023-11-23 16:44:03 0 [ERROR] WSREP: Operating system error number 28 in a file operation.
            InnoDB: Error number 28 means 'No space left on device'
            231123 16:44:05 [ERROR] mysqld got signal 11 ;
            Sorry, we probably made a mistake, and this is a bug.

            Thread pointer: 0x7f00
            231123  6:44:06 [Note] Plugin 'FEEDBACK' is disabled.
            231123 16:44:07 mysqld_safe Starting mariadbd daemon with databases from /var/lib/mysql
            2023-11-23 16:44:09 0 [Note] /usr/sbin/mariadbd: ready for connections.
            Version: '10.11.6-MariaDB'  socket: '/run/mysqld/mysqld.sock'  port: 3306  Debian 12
            """,
        "openstack" =>
            """
            2023-11-23 06:51:01.944 2931 INFO nova.compute.manager [req-3ea4 0a1b f9e8 - default default] [instance: b900-0564] Took 1.5 seconds
            nova-api.log.1.2017-05-16_13:53:08 2017-05-16 00:00:00.008 25746 AUDIT nova.api [None req-1 - - - - -] text
            2023-11-23 06:51:02.001 2931 ERROR nova.compute.manager [req-global req-local u p d - -] Cannot reach the database: timed out
            2023-11-23 06:51:02.001 2931 ERROR nova.compute.manager [instance: b900-0564] Traceback (most recent call last):
            2023-11-23 06:51:02.000 25746 WARNING nova.api [-] from another process
            2023-11-23 06:51:02.001 2931 ERROR nova.compute.manager [instance: b900-0564]   File "/usr/lib/manager.py", line 12, in update
            2023-11-23 06:51:02.001 2931 ERROR nova.compute.manager [instance: b900-0564] nova.exception.Timeout
            2023-11-23 06:51:03.000 2931 ERROR nova [-] Unhandled error
            Traceback (most recent call last):
              File "/usr/bin/nova-api", line 1, in main
            ValueError: x
            2023-11-23 06:51:04.000 25746 INFO nova.wsgi.server [req-1] 203.0.113.7,10.0.0.1 "GET /v2?limit=1 HTTP/1.1" status: 500 len: 190 time: 0.0125
            """,
        _ => throw new ArgumentOutOfRangeException(nameof(format)),
    });
}
