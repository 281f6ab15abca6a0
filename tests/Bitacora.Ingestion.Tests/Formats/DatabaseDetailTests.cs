using System.Text;
using Bitacora.Records;

namespace Bitacora.Ingestion.Tests.Formats;

/// <summary>What the samples do not show.</summary>
public class DatabaseDetailTests
{
    [Theory]
    [InlineData("mysql", "2023-11-23T06:44:05Z mysqld_safe Starting mysqld", "logger=mysqld_safe message=Starting mysqld")]
    [InlineData("mysql", "06:44:04 UTC - mysqld got signal 11 ;", "level=CRITICAL message=06:44:04 UTC - mysqld got signal 11 ;")]
    [InlineData("mariadb", "231123  6:44:06 [Note] Aria: ok", "logger=Aria message=Aria: ok")]
    [InlineData("mariadb", "231123 16:44:07 mysqld_safe Starting", "logger=mysqld_safe message=Starting")]
    [InlineData("mariadb", "231123 16:44:07 [ERROR] /usr/sbin/mariadbd got signal 6 ;",
        "level=CRITICAL message=/usr/sbin/mariadbd got signal 6 ;")]
    [InlineData("openstack", "2023-11-23 06:51:02 7 AUDIT nova.api [None req-1 u - - - -] a",
        "logger=nova.api request_id=req-1 user_id=u message=a level_text:'AUDIT' process.pid:7")]
    [InlineData("openstack", "2023-11-23 06:51:02 7 INFO a.b [req-far req-near - p - d -] ",
        "logger=a.b request_id=req-near process.pid:7 openstack.global_request_id:'req-far' openstack.project_id:'p' "
            + "openstack.user_domain_id:'d'")]
    [InlineData("openstack", "2023-11-23 06:51:02 7 INFO w [-] ::1 \"GARBAGE\" status: 400  len: x time: y",
        "logger=w message=::1 \"GARBAGE\" status: 400  len: x time: y process.pid:7 client.address:'::1' http.response.status_code:400")]
    public void A_line_gives(string format, string line, string fields)
    {
        var record = Decoded.Record(DatabaseLines.Decoder(format), Encoding.UTF8.GetBytes(line));
        var shown = Decoded.Show(record);
        foreach (var part in new[] { "layer=infrastructure ", "source=mysql ", "source=mariadb ", "thread.id:0 " })
        {
            shown = shown.Replace(part, "", StringComparison.Ordinal);
        }

        (shown.StartsWith("time=", StringComparison.Ordinal) ? shown[(shown.IndexOf(' ', StringComparison.Ordinal) + 1)..] : shown)
            .ShouldBe(fields);
    }

    [Fact]
    public async Task An_exception_of_OpenStack_loses_the_heads_of_its_lines_also_where_processes_interleave()
    {
        var reading = await FormatReading.ReadAsync(DatabaseLines.Of("openstack"), DatabaseLines.Context);
        reading.Records.Count.ShouldBe(6);
        var record = reading.Records[2].Record;
        record.Level.ShouldBe(Level.Error);
        record.RequestId.ShouldBe("req-local");
        record.Message.ShouldBe("Cannot reach the database: timed out");
        record.Traceback.ShouldBe(
            "Traceback (most recent call last):\n  File \"/usr/lib/manager.py\", line 12, in update\nnova.exception.Timeout");
        reading.Records[3].Record.Message.ShouldBe("from another process");
        reading.Records[4].Record.Traceback.ShouldEndWith("ValueError: x");
    }
}
