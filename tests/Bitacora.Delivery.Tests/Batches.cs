using System.Globalization;
using System.Text;
using Bitacora.Records;

namespace Bitacora.Delivery.Tests;

/// <summary>Small batches whose records say in their message who they are.</summary>
internal static class Batches
{
    public static readonly Origin First = new(new UInt128(0x1111, 0x2220));
    public static readonly Origin Second = new(new UInt128(0x3333, 0x4441));

    public static RecordBatch Of(ulong first, int count, Origin? origin = null, ulong sender = 0, int messageBytes = 0) =>
        Of(origin ?? First, Enumerable.Range(0, count).Select(i => first + (ulong)i), sender, messageBytes);

    public static RecordBatch Of(Origin origin, IEnumerable<ulong> positions, ulong sender = 0, int messageBytes = 0)
    {
        var builder = new RecordBatchBuilder(new SenderId(sender), RecordLimits.Default, TimeProvider.System);
        Add(builder, origin, positions, messageBytes);
        return builder.Freeze();
    }

    public static void Add(RecordBatchBuilder builder, Origin origin, IEnumerable<ulong> positions, int messageBytes = 0)
    {
        var index = builder.AddOrigin(origin);
        foreach (var position in positions)
        {
            var writer = builder.Begin();
            writer.SetTime(1_000_000_000_000_000 + (long)position);
            writer.SetText(NamedField.Message, string.Create(CultureInfo.InvariantCulture, $"{position} ").PadRight(messageBytes, 'x'));
            writer.TryCommit(index, position).ShouldBeTrue();
        }
    }

    /// <summary>Each record as text: sender, origin, position, message.</summary>
    public static IEnumerable<string> Names(RecordBatch batch)
    {
        for (var i = 0; i < batch.Count; i++)
        {
            yield return NameOf(batch, i);
        }
    }

    public static IEnumerable<string> Names(IEnumerable<RecordBatch> batches) => batches.SelectMany(Names);

    private static string NameOf(RecordBatch batch, int index)
    {
        var record = batch[index];
        var message = Encoding.UTF8.GetString(record.Message).TrimEnd('x');
        return string.Create(
            CultureInfo.InvariantCulture, $"{batch.Sender}/{batch.Origins[record.OriginIndex].Origin}/{record.Position}/{message}");
    }
}
