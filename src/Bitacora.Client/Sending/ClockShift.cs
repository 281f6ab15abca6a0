using System.Text;
using Bitacora.Records;

namespace Bitacora.Client.Sending;

/// <summary>
/// Freezes a batch anew for a server whose clock is behind this machine's: what lies too far ahead there is shifted by the difference, and
/// keeps its own time as <c>original_time</c>.
/// </summary>
internal static class ClockShift
{
    /// <param name="batch">The batch that was refused.</param>
    /// <param name="ahead">How far this machine's clock is ahead of the server's.</param>
    /// <param name="latest">The latest time that the server takes, in units of 100 ns since 1970.</param>
    /// <param name="clock">For the builder.</param>
    public static RecordBatch Apply(RecordBatch batch, TimeSpan ahead, long latest, TimeProvider clock)
    {
        var builder = new RecordBatchBuilder(batch.Sender, RecordLimits.Format, clock);
        foreach (var record in batch)
        {
            var originIndex = builder.AddOrigin(batch.Origins[record.OriginIndex].Origin);
            var isCopied = record.Time <= latest
                ? builder.TryCopy(record, originIndex)
                : Copy(record, builder, Math.Clamp(record.Time - ahead.Ticks, 0, latest)).TryCommit(originIndex, record.Position);
            if (!isCopied)
            {
                throw new InvalidOperationException("A batch has no room for its own records.");
            }
        }

        foreach (var origin in batch.Origins)
        {
            builder.Cover(builder.AddOrigin(origin.Origin), origin.First, origin.End);
        }

        return builder.Freeze();
    }

    private static RecordWriter Copy(in RecordReader record, RecordBatchBuilder builder, long time)
    {
        var copy = builder.Begin();
        (copy.Level, copy.Layer) = (record.Level, record.Layer);
        copy.SetTime(time);
        copy.SetText(NamedField.Message, record.Message);
        copy.SetText(NamedField.Traceback, record.Traceback);
        copy.SetText(NamedField.Template, record.Template);
        var texts = record.ShortTexts;
        while (texts.MoveNext())
        {
            copy.SetText(texts.Field, texts.Utf8);
        }

        if (record.TryGetDuration(out var duration))
        {
            copy.SetDuration(duration);
        }

        foreach (var attribute in record.Attributes)
        {
            switch (attribute.Type)
            {
                case AttributeType.String:
                    copy.AddAttribute(attribute.Name, attribute.String);
                    break;
                case AttributeType.Int64:
                    copy.AddAttribute(attribute.Name, attribute.Int64);
                    break;
                case AttributeType.Double:
                    copy.AddAttribute(attribute.Name, attribute.Double);
                    break;
                default:
                    copy.AddAttribute(attribute.Name, attribute.Boolean);
                    break;
            }
        }

        if (!copy.HasAttribute(ReservedAttributes.OriginalTime))
        {
            copy.AddAttribute(ReservedAttributes.OriginalTime, Encoding.ASCII.GetBytes(RecordTime.Format(record.Time)));
        }

        return copy;
    }
}
