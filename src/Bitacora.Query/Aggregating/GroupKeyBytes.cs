using System.Buffers.Binary;
using System.Text;
using Bitacora.Query.Evaluation;
using Bitacora.Records;

namespace Bitacora.Query.Aggregating;

/// <summary>Writes a group's keys as one byte string, so that a known group is found without allocation.</summary>
/// <remarks>Per key: 0 for missing; 1, length and UTF-8; or 2 and the begin of a bucket. One thread.</remarks>
internal sealed class GroupKeyBytes(IReadOnlyList<GroupKey> keys)
{
    private const byte MissingTag = 0;
    private const byte TextTag = 1;
    private const byte BucketTag = 2;

    // Neighbouring records mostly share a bucket: the last one of each key is tried first.
    private readonly TimeRange[] _lastBuckets = new TimeRange[keys.Count];
    private byte[] _bytes = new byte[256];
    private int _length;

    internal ReadOnlySpan<byte> Written => _bytes.AsSpan(0, _length);

    /// <summary>Writes a record's keys; false if <paramref name="needsAll"/> and one is missing.</summary>
    internal bool TryWrite(in RecordReader record, bool needsAll)
    {
        _length = 0;
        Span<byte> scratch = stackalloc byte[FieldText.IdLength];
        for (int i = 0; i < keys.Count; i++)
        {
            if (keys[i].Buckets is TimeBuckets buckets)
            {
                if (!_lastBuckets[i].Contains(record.Time))
                {
                    _lastBuckets[i] = buckets.BucketOf(record.Time);
                }

                WriteBucket(_lastBuckets[i].From);
            }
            else if (FieldText.TryGet(keys[i].Field, record, scratch, out ReadOnlySpan<byte> text))
            {
                WriteText(text);
            }
            else if (needsAll)
            {
                return false;
            }
            else
            {
                Reserve(1)[0] = MissingTag;
            }
        }

        return true;
    }

    internal void Write(ReadOnlySpan<GroupValue> values)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(values.Length, keys.Count, nameof(values));
        _length = 0;
        for (int i = 0; i < keys.Count; i++)
        {
            if (keys[i].Buckets is not null)
            {
                WriteBucket(values[i].Bucket);
            }
            else if (values[i].Text is string text)
            {
                WriteText(Encoding.UTF8.GetBytes(text));
            }
            else
            {
                Reserve(1)[0] = MissingTag;
            }
        }
    }

    internal static GroupValue[] Read(ReadOnlySpan<byte> bytes, int count)
    {
        GroupValue[] values = new GroupValue[count];
        for (int i = 0; i < count; i++)
        {
            switch (bytes[0])
            {
                case MissingTag:
                    bytes = bytes[1..];
                    break;
                case TextTag:
                    int length = BinaryPrimitives.ReadInt32LittleEndian(bytes[1..]);
                    values[i] = GroupValue.Of(Encoding.UTF8.GetString(bytes.Slice(5, length)));
                    bytes = bytes[(5 + length)..];
                    break;
                default:
                    values[i] = GroupValue.Of(BinaryPrimitives.ReadInt64LittleEndian(bytes[1..]));
                    bytes = bytes[9..];
                    break;
            }
        }

        return values;
    }

    private void WriteText(ReadOnlySpan<byte> text)
    {
        Span<byte> place = Reserve(5 + text.Length);
        place[0] = TextTag;
        BinaryPrimitives.WriteInt32LittleEndian(place[1..], text.Length);
        text.CopyTo(place[5..]);
    }

    private void WriteBucket(long begin)
    {
        Span<byte> place = Reserve(9);
        place[0] = BucketTag;
        BinaryPrimitives.WriteInt64LittleEndian(place[1..], begin);
    }

    private Span<byte> Reserve(int count)
    {
        if (_length + count > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _length + count));
        }

        _length += count;
        return _bytes.AsSpan(_length - count, count);
    }
}
