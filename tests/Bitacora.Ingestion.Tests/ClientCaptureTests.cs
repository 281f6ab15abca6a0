using System.Globalization;
using System.Text;
using System.Text.Json;
using Bitacora.Records;

namespace Bitacora.Ingestion.Tests;

/// <summary>
/// Bytes that real clients sent, against what their programs logged. Skipped where the shared reference folder is absent.
/// </summary>
public class ClientCaptureTests
{
    [Theory]
    [InlineData("seq_clef")]
    [InlineData("seq_raw")]
    [InlineData("jsonlogger_ndjson")]
    [InlineData("structlog_ndjson")]
    [InlineData("structlog_ndjson_tcp")]
    [InlineData("loguru_ndjson")]
    [InlineData("java_log4j_ecs_tcp")]
    [InlineData("java_log4j_http")]
    [InlineData("java_logstash_tcp")]
    public async Task What_clients_sent_is_what_their_programs_logged(string name)
    {
        Assert.SkipUnless(Folder() is not null, "the shared captures are not beside the repository");
        var bytes = await File.ReadAllBytesAsync(Path.Combine(Folder()!, name + ".bin"), TestContext.Current.CancellationToken);
        ILineDecoder decoder = name switch
        {
            "seq_clef" => new ClefDecoder(),
            "seq_raw" => new SeqEventDecoder(),
            _ => new JsonLineDecoder()
        };
        var records = new Dictionary<string, LogRecord>();
        foreach (var body in BodiesOf(bytes))
        {
            var lines = name == "seq_raw" ? SeqEvents.ToLines(body)! : body;
            var reader = new LineReader(decoder, new InputSettings(), new FarFuture());
            await reader.ReadAsync(
                new MemoryStream(lines),
                new LineOrigin(SenderId.None, Decoded.Numbers),
                (batch, _) =>
                {
                    foreach (var record in batch.Records())
                    {
                        records.TryAdd(record.Message!.Split(' ')[0], record);
                    }

                    return default;
                },
                CancellationToken.None);
            reader.Errors.ShouldBeEmpty();
        }

        var expected = (await File.ReadAllLinesAsync(Path.Combine(Folder()!, name + ".expected.json"),
            TestContext.Current.CancellationToken))
            .Where(line => line.Length > 0).Select(line => JsonDocument.Parse(line).RootElement).ToArray();
        expected.ShouldNotBeEmpty();
        foreach (var sent in expected)
        {
            Compare(name, records[sent.GetProperty("key").GetString()!], sent);
        }
    }

    private static void Compare(string name, LogRecord record, JsonElement sent)
    {
        Levels.TryParseSenders(Encoding.UTF8.GetBytes(sent.GetProperty("wire_level").GetString()!), out var level).ShouldBeTrue();
        record.Level.ShouldBe(level);
        record.Message.ShouldBe(sent.GetProperty("message").GetString());
        record.Logger.ShouldBe(sent.GetProperty("logger").GetString());
        var time = DateTimeOffset.Parse(Shorten(sent.GetProperty("timestamp").GetString()!), CultureInfo.InvariantCulture);
        record.Time.ShouldBe(RecordTime.From(time));
        if (name != "loguru_ndjson" && sent.GetProperty("exception") is { ValueKind: JsonValueKind.String } exception)
        {
            record.Traceback.ShouldNotBeNull().Trim().ShouldBe(exception.GetString()!.Trim());
        }

        foreach (var field in sent.GetProperty("fields").EnumerateObject())
        {
            var value = field.Value.ToString();
            if (field.Name == "duration_ms")
            {
                record.DurationMs.ShouldBe(double.Parse(value, CultureInfo.InvariantCulture));
            }
            else if (NamedFields.TryParse(field.Name, out var named))
            {
                (record.Text(named) ?? "").ShouldBe(value);
            }
        }
    }

    /// <summary>Digits beyond seven are cut, which the framework's parser would round.</summary>
    private static string Shorten(string time)
    {
        var point = time.IndexOf('.', StringComparison.Ordinal);
        var end = point < 0 ? -1 : time.AsSpan(point + 1).IndexOfAnyExceptInRange('0', '9') + point + 1;
        return point >= 0 && end - point > 8 ? time[..(point + 8)] + time[end..] : time;
    }

    /// <summary>The bodies of the captured requests; of a TCP capture the whole.</summary>
    private static IEnumerable<byte[]> BodiesOf(byte[] capture)
    {
        if (!capture.AsSpan().StartsWith("POST "u8))
        {
            yield return capture;
            yield break;
        }

        var at = 0;
        while (at < capture.Length)
        {
            var head = Encoding.Latin1.GetString(capture, at, capture.AsSpan(at).IndexOf("\r\n\r\n"u8));
            var length = int.Parse(
                head.Split("\r\n").Single(line => line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase)).Split(':')[1],
                CultureInfo.InvariantCulture);
            at += head.Length + 4;
            yield return capture[at..(at + length)];
            at += length;
        }
    }

    private static string? Folder()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var captures = Path.Combine(folder.FullName, "shared", "clients", "captures");
            if (Directory.Exists(captures))
            {
                return captures;
            }
        }

        return null;
    }

    private sealed class FarFuture : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(2040, 1, 1, 0, 0, 0, TimeSpan.Zero);
    }
}
