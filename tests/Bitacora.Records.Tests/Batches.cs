using System.Text;
using Microsoft.Extensions.Time.Testing;

namespace Bitacora.Records.Tests;

/// <summary>Builders and batches as tests want them: one origin, a clock that stands still.</summary>
internal static class Batches
{
    /// <summary>2024-05-01T12:30:05.1234567Z.</summary>
    public const long Noon = 17145666051234567;

    public static readonly Origin Numbers = new(new UInt128(0x0011223344556677, 0x8899AABBCCDDEEFE));

    public static readonly SenderId Sender = new(0x0123456789ABCDEF);

    public static RecordBatchBuilder Builder(RecordLimits? limits = null, TimeProvider? clock = null, BatchMemory? memory = null) =>
        new(Sender, limits ?? RecordLimits.Default, clock ?? new FakeTimeProvider(RecordTime.ToDateTimeOffset(Noon)), memory);

    public delegate void Fill(RecordWriter record);

    /// <summary>A batch of one record, read back from its bytes.</summary>
    public static RecordBatch Of(Fill fill, RecordLimits? limits = null)
    {
        var builder = Builder(limits);
        var record = builder.Begin();
        fill(record);
        record.TryCommit(builder.AddOrigin(Numbers), 7).ShouldBeTrue();
        return RecordBatch.Read(builder.Freeze().Bytes);
    }

    public static LogRecord Record(Fill fill, RecordLimits? limits = null) => Of(fill, limits)[0].ToLogRecord();

    public static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);
}
