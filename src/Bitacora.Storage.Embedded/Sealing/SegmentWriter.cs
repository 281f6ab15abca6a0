using System.Text;
using Bitacora.Records;
using Bitacora.Storage.Embedded.Engine;
using Bitacora.Storage.Embedded.Files;
using Bitacora.Storage.Embedded.MemTable;

namespace Bitacora.Storage.Embedded.Sealing;

/// <summary>
/// Writes one draft into its file as one transaction: rows, the segment's directory entry, attribute names, origins and their
/// intervals, and the WAL sequence through which the file is sealed. Either all of it is there after a crash, or nothing.
/// </summary>
internal sealed class SegmentWriter(EngineConnection connection, DayFile file)
{
    private readonly List<OriginKey> _newOrigins = [];
    private readonly Dictionary<OriginKey, int> _newNumbers = [];
    private readonly Dictionary<int, PositionIntervals> _intervals = [];
    private readonly AttributeNameCounts _names = new();

    /// <exception cref="EngineException">DuckDB could not write; the file is as it was before.</exception>
    public void Write(SegmentDraft draft, ReadOnlySpan<MemTableEntry> entries, ulong through, long now)
    {
        connection.Execute("BEGIN");
        try
        {
            var segment = WriteRows(draft, entries, through, now);
            WriteDirectory(segment);
            WriteNames(segment.Number);
            WriteOrigins();
            WriteIntervals(now);
            connection.Execute("COMMIT");
            file.Commit(segment, _newOrigins);
        }
        catch
        {
            connection.TryRollback();
            throw;
        }
    }

    private Segment WriteRows(SegmentDraft draft, ReadOnlySpan<MemTableEntry> entries, ulong through, long now)
    {
        var numbers = new int[entries.Length][];
        int levels = 0, layers = 0, columns;
        using (var rows = new ChunkAppender(connection, file.Alias, FileSchema.Records))
        {
            var writer = new RecordRowWriter(rows, _names);
            foreach (var reference in draft.Rows.Span)
            {
                var batch = entries[reference.Entry].Batch;
                var record = batch[reference.Index];
                writer.Write(record, (numbers[reference.Entry] ??= NumberOrigins(batch))[record.OriginIndex]);
                levels |= 1 << (int)record.Level;
                layers |= 1 << (int)record.Layer;
            }

            rows.Close();
            columns = writer.Columns;
        }

        return new Segment(
            file.Segments.Length,
            file.Rows,
            file.Rows + draft.Rows.Length - 1,
            draft.Rows.Span[0].Id.Time,
            draft.Rows.Span[^1].Id.Time,
            (byte)levels,
            (byte)layers,
            columns,
            through,
            now,
            _names.IsComplete);
    }

    private int[] NumberOrigins(RecordBatch batch)
    {
        var numbers = new int[batch.Origins.Length];
        for (var i = 0; i < numbers.Length; i++)
        {
            var origin = batch.Origins[i];
            var key = new OriginKey(batch.Sender, origin.Origin);
            if (!file.Origins.TryGet(key, out var number) && !_newNumbers.TryGetValue(key, out number))
            {
                number = file.Origins.Count + _newOrigins.Count;
                _newOrigins.Add(key);
                _newNumbers.Add(key, number);
            }

            numbers[i] = number;
            if (!_intervals.TryGetValue(number, out var intervals))
            {
                _intervals.Add(number, intervals = new PositionIntervals());
            }

            intervals.Add(origin.First, origin.End);
        }

        return numbers;
    }

    private void WriteDirectory(Segment segment)
    {
        using var rows = new ChunkAppender(connection, file.Alias, FileSchema.Segments);
        rows.Column(0).Int32(0, segment.Number);
        rows.Column(1).Int64(0, segment.FirstRow);
        rows.Column(2).Int64(0, segment.LastRow);
        rows.Column(3).Int64(0, segment.FirstTime);
        rows.Column(4).Int64(0, segment.LastTime);
        rows.Column(5).Byte(0, segment.LevelBits);
        rows.Column(6).Byte(0, segment.LayerBits);
        rows.Column(7).Int32(0, segment.Columns);
        rows.Column(8).Int64(0, unchecked((long)segment.Through));
        rows.Column(9).Int64(0, segment.SealedAt);
        rows.Column(10).Byte(0, segment.NamesComplete ? (byte)1 : (byte)0);
        rows.EndRow();
        rows.Close();
    }

    private void WriteNames(int segment)
    {
        if (_names.Counts.Count == 0)
        {
            return;
        }

        using var rows = new ChunkAppender(connection, file.Alias, FileSchema.AttributeNames);
        foreach (var ((name, type), count) in _names.Counts)
        {
            var row = rows.Row;
            rows.Column(0).Int32(row, segment);
            rows.Column(1).Utf8(row, Encoding.UTF8.GetBytes(name));
            rows.Column(2).Byte(row, (byte)type);
            rows.Column(3).Int64(row, count);
            rows.EndRow();
        }

        rows.Close();
    }

    private void WriteOrigins()
    {
        if (_newOrigins.Count == 0)
        {
            return;
        }

        using var rows = new ChunkAppender(connection, file.Alias, FileSchema.Origins);
        for (var i = 0; i < _newOrigins.Count; i++)
        {
            var row = rows.Row;
            rows.Column(0).Int32(row, file.Origins.Count + i);
            rows.Column(1).Int64(row, unchecked((long)_newOrigins[i].Sender.Value));
            rows.Column(2).Int64(row, unchecked((long)(ulong)(_newOrigins[i].Origin.Value >> 64)));
            rows.Column(3).Int64(row, unchecked((long)(ulong)_newOrigins[i].Origin.Value));
            rows.EndRow();
        }

        rows.Close();
    }

    private void WriteIntervals(long now)
    {
        using var rows = new ChunkAppender(connection, file.Alias, FileSchema.OriginIntervals);
        foreach (var (number, intervals) in _intervals)
        {
            foreach (var (first, past) in intervals.Merged())
            {
                var row = rows.Row;
                rows.Column(0).Int32(row, number);
                rows.Column(1).Int64(row, unchecked((long)first));
                rows.Column(2).Int64(row, unchecked((long)past));
                rows.Column(3).Int64(row, now);
                rows.EndRow();
            }
        }

        rows.Close();
    }
}
