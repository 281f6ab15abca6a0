using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using BenchmarkDotNet.Attributes;
using Bitacora.Client;
using Bitacora.Records;

namespace Bitacora.Benchmarks.Micro;

/// <summary>
/// What the queue's thread does for 100 log calls of three values in a scope, against the same facts as lines of JSON, with the message
/// formatted by the framework.
/// </summary>
[MemoryDiagnoser]
public class EntryDecodingBenchmark
{
    private const int Calls = 100;
    private const string Template = "order {Order} of {Customer} took {Elapsed} ms";

    private static readonly Origin Sender = Origin.Random();
    private static readonly LogWriterIdentity Writer = new("shop", "web-1", 4711, DateTimeOffset.UnixEpoch);
    private static readonly CompositeFormat Format = CompositeFormat.Parse("order {0} of {1} took {2} ms");

    private readonly EntryDecoder _decoder = new();
    private readonly RecordBatchBuilder _builder = new(SenderId.None, RecordLimits.Default, TimeProvider.System);
    private readonly ArrayBufferWriter<byte> _lines = new();
    private readonly byte[][] _entries = new byte[Calls][];

    [GlobalSetup]
    public void Setup()
    {
        for (var i = 0; i < Calls; i++)
        {
            using var entry = EntryWriter.TryBegin(DateTimeOffset.UnixEpoch.AddDays(20_000), Level.Info, "Shop.Orders")!;
            entry.Event(2, "Structured");
            entry.Template(Template, TemplateStyle.Positional);
            entry.Value(i);
            entry.Value("Ana");
            entry.Value(12.5);
            entry.BeginScope();
            entry.Value("RequestId", "0HN7:00000001");
            entry.Value("Tenant", "north");
            _entries[i] = entry.Written.ToArray();
        }
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Calls)]
    public int Json()
    {
        _lines.ResetWrittenCount();
        using var json = new Utf8JsonWriter(_lines);
        for (var i = 0; i < Calls; i++)
        {
            json.WriteStartObject();
            json.WriteString("time"u8, DateTimeOffset.UnixEpoch.AddDays(20_000));
            json.WriteString("level"u8, "INFO"u8);
            json.WriteString("source"u8, Writer.Source);
            json.WriteString("host"u8, Writer.Host);
            json.WriteNumber("process.pid"u8, Writer.ProcessId);
            json.WriteString("logger"u8, "Shop.Orders"u8);
            json.WriteString("message"u8, string.Format(CultureInfo.InvariantCulture, Format, i, "Ana", 12.5));
            json.WriteString("template"u8, Template);
            json.WriteString("request_id"u8, "0HN7:00000001");
            json.WriteNumber("EventId"u8, 2);
            json.WriteString("EventName"u8, "Structured");
            json.WriteNumber("Order"u8, i);
            json.WriteString("Customer"u8, "Ana");
            json.WriteNumber("Elapsed"u8, 12.5);
            json.WriteString("Tenant"u8, "north");
            json.WriteEndObject();
            json.Flush();
            json.Reset();
        }

        return _lines.WrittenCount;
    }

    [Benchmark(OperationsPerInvoke = Calls)]
    public RecordBatch Decoder()
    {
        var origin = _builder.AddOrigin(Sender);
        for (var i = 0; i < _entries.Length; i++)
        {
            var record = _builder.Begin();
            _decoder.Decode(_entries[i], null, Writer, record);
            record.TryCommit(origin, (ulong)i);
        }

        return _builder.Freeze();
    }
}
