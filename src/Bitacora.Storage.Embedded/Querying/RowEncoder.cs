using Bitacora.Records;
using Bitacora.Storage.Embedded.Engine;

namespace Bitacora.Storage.Embedded.Querying;

/// <summary>
/// Turns rows of a file back into encoded records, so that one evaluator gives every record the same meaning wherever it lies. A batch
/// has one sender and 255 origins, rows have any: all get one origin here, with the position at which it has the row's id.
/// </summary>
internal sealed class RowEncoder(TimeProvider time)
{
    // The first column is the row id, which is not part of the record.
    private const int Time = 1;
    private const int Origin = Time + 1;
    private const int Position = Time + 2;
    private const int LevelColumn = Time + 3;
    private const int LayerColumn = Time + 4;
    private const int FirstText = Time + 5;
    private const int Duration = FirstText + NamedFields.Count;
    private const int Attributes = Duration + 1;
    private const int AttributeTypes = Attributes + 1;

    private static readonly ulong _base = Hash60.OfOrigin(default, SenderId.None);

    private readonly RecordBatchBuilder _builder = new(SenderId.None, RecordLimits.Format, time);

    /// <summary>
    /// Encodes rows of the current chunk from <paramref name="row"/> on, as many as a batch takes, and moves it behind them.
    /// </summary>
    /// <param name="rows">The chunk, the row id and then the columns of a <see cref="ColumnSet"/>.</param>
    /// <param name="hashes">The file's origins by number.</param>
    /// <param name="row">The first row; afterwards the next.</param>
    public RecordBatch Encode(EngineResult rows, ulong[] hashes, ref int row)
    {
        var columns = new Row(rows);
        var origin = _builder.AddOrigin(default);
        while (row < rows.RowCount)
        {
            var writer = _builder.Begin();
            columns.Write(writer, row);
            var sequence = hashes[columns.Origins.Int32(row)] + unchecked((ulong)columns.Positions.Int64(row));
            if (!writer.TryCommit(origin, (sequence - _base) & RecordId.MaxSequence))
            {
                break;
            }

            row++;
        }

        return _builder.Freeze();
    }

    private readonly ref struct Row
    {
        private readonly ResultVector _times;
        private readonly ResultVector _levels;
        private readonly ResultVector _layers;
        private readonly ReadOnlySpan<ResultVector> _texts;
        private readonly ResultVector _durations;
        private readonly ResultVector _attributes;
        private readonly ResultVector _names;
        private readonly ResultVector _values;
        private readonly ResultVector _types;

        public Row(EngineResult rows)
        {
            _times = rows.Column(Time);
            Origins = rows.Column(Origin);
            Positions = rows.Column(Position);
            _levels = rows.Column(LevelColumn);
            _layers = rows.Column(LayerColumn);
            var texts = new ResultVector[NamedFields.Count];
            for (var i = 0; i < texts.Length; i++)
            {
                texts[i] = rows.Column(FirstText + i);
            }

            _texts = texts;
            _durations = rows.Column(Duration);
            _attributes = rows.Column(Attributes);
            _names = _attributes.MapKeys();
            _values = _attributes.MapValues();
            _types = rows.Column(AttributeTypes);
        }

        public ResultVector Origins { get; }

        public ResultVector Positions { get; }

        public void Write(RecordWriter writer, int row)
        {
            writer.SetTime(_times.Int64(row));
            writer.Level = (Level)_levels.Byte(row);
            writer.Layer = (Layer)_layers.Byte(row);
            for (var i = 0; i < _texts.Length; i++)
            {
                if (!_texts[i].IsNull(row))
                {
                    writer.SetText((NamedField)i, _texts[i].Utf8(row));
                }
            }

            if (!_durations.IsNull(row))
            {
                writer.SetDuration(_durations.Double(row));
            }

            if (!_types.IsNull(row))
            {
                WriteAttributes(writer, row);
            }
        }

        private void WriteAttributes(RecordWriter writer, int row)
        {
            var types = _types.Utf8(row);
            var (offset, length) = _attributes.Members(row);
            for (var i = 0; i < length; i++)
            {
                var name = _names.Utf8(offset + i);
                var value = _values.Utf8(offset + i);
                AttributeTypeCode.Add(writer, name, value, types[i]);
            }
        }
    }
}
