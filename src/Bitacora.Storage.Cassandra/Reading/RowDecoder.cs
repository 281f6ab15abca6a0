using System.Buffers.Text;
using Bitacora.Cql;
using Bitacora.Records;
using Bitacora.Storage.Cassandra.Schema;

namespace Bitacora.Storage.Cassandra.Reading;

/// <summary>
/// Turns rows back into encoded records, so that one evaluator gives every record the same meaning wherever it lies. A batch has one sender
/// and 255 origins, rows have any: all get one origin here, with the position at which it has the row's id. One thread.
/// </summary>
internal sealed class RowDecoder(TimeProvider clock, RowColumns columns = RowColumns.All)
{
    private const int Id = 0;
    private const int FirstText = 1;
    private const int Duration = FirstText + 11;
    private const int Attributes = Duration + 1;
    private const int AttributeTypes = Duration + 2;

    private static readonly ulong _base = Hash60.OfOrigin(default, SenderId.None);

    private readonly RecordBatchBuilder _builder = new(SenderId.None, RecordLimits.Format, clock);
    private readonly List<(Range Name, Range Value)> _attributes = [];
    private int[] _places = new int[16];

    /// <summary>The texts in the order of the columns of <see cref="Statements"/>.</summary>
    private static ReadOnlySpan<NamedField> Texts =>
    [
        NamedField.Source, NamedField.Logger, NamedField.Host, NamedField.Message, NamedField.Template, NamedField.Traceback,
        NamedField.RequestId, NamedField.UserId, NamedField.SessionId, NamedField.TraceId, NamedField.SpanId,
    ];

    /// <summary>Decodes a page.</summary>
    /// <param name="page">The rows.</param>
    /// <param name="layer">The layer of their table.</param>
    /// <param name="level">Their level.</param>
    /// <param name="strangers">Rows that this product did not write: their ids are none of a record.</param>
    /// <returns>Batches in the order of the rows; mostly one.</returns>
    public List<RecordBatch> Decode(CqlResult page, Layer layer, Level level, out int strangers)
    {
        strangers = 0;
        _builder.Clear();
        var batches = new List<RecordBatch>(1);
        var origin = _builder.AddOrigin(default);
        foreach (var row in page)
        {
            var id = RecordId.Read(row[Id].Raw);
            if (!id.IsValid)
            {
                strangers++;
                continue;
            }

            var writer = _builder.Begin();
            writer.SetTime(id.Time);
            writer.Layer = layer;
            writer.Level = level;
            Write(writer, row);
            var position = (id.Sequence - _base) & RecordId.MaxSequence;
            if (!writer.TryCommit(origin, position))
            {
                batches.Add(_builder.Freeze());
                origin = _builder.AddOrigin(default);
                if (!writer.TryCommit(origin, position))
                {
                    throw new InvalidDataException($"The record {id} is larger than a batch.");
                }
            }
        }

        if (_builder.Count > 0)
        {
            batches.Add(_builder.Freeze());
        }

        return batches;
    }

    private void Write(RecordWriter writer, CqlRow row)
    {
        if (columns == RowColumns.Text)
        {
            writer.SetText(NamedField.Message, row[FirstText].GetUtf8());
            writer.SetText(NamedField.Traceback, row[FirstText + 1].GetUtf8());
            return;
        }

        for (var i = 0; i < Texts.Length; i++)
        {
            writer.SetText(Texts[i], row[FirstText + i].GetUtf8());
        }

        if (row[Duration] is { IsNull: false } duration)
        {
            writer.SetDuration(duration.GetDouble());
        }

        if (row[Attributes] is { IsNull: false } attributes)
        {
            WriteAttributes(writer, attributes, row[AttributeTypes].GetUtf8());
        }
    }

    private void WriteAttributes(RecordWriter writer, CqlValue map, ReadOnlySpan<byte> types)
    {
        var bytes = map.Raw;
        _attributes.Clear();
        foreach (var (name, value) in map.GetMap())
        {
            _attributes.Add((Within(bytes, name.Raw), Within(bytes, value.Raw)));
        }

        var letters = ReadPlaces(types, _attributes.Count);
        for (var i = 0; i < _attributes.Count; i++)
        {
            var (name, value) = _attributes[_places[i]];
            AttributeTypeCode.Add(writer, bytes[name], bytes[value], i < letters.Length ? letters[i] : (byte)'s');
        }
    }

    private static Range Within(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> part)
    {
        if (part.IsEmpty)
        {
            return 0..0;
        }

        bytes.Overlaps(part, out var offset);
        return offset..(offset + part.Length);
    }

    /// <summary>Finds each attribute's place in the sorted map; places that cannot be read are as sorted.</summary>
    /// <returns>The letters.</returns>
    private ReadOnlySpan<byte> ReadPlaces(ReadOnlySpan<byte> types, int count)
    {
        if (_places.Length < count)
        {
            _places = new int[count * 2];
        }

        var bar = types.IndexOf((byte)'|');
        if (bar < 0 || !TryReadPlaces(types[(bar + 1)..], count))
        {
            for (var i = 0; i < count; i++)
            {
                _places[i] = i;
            }
        }

        return bar < 0 ? types : types[..bar];
    }

    private bool TryReadPlaces(ReadOnlySpan<byte> text, int count)
    {
        Span<bool> taken = count <= 512 ? stackalloc bool[count] : new bool[count];
        for (var i = 0; i < count; i++)
        {
            if (!Utf8Parser.TryParse(text, out int place, out var length) || place < 0 || place >= count || taken[place])
            {
                return false;
            }

            (_places[i], taken[place]) = (place, true);
            text = text[Math.Min(length + 1, text.Length)..];
        }

        return true;
    }
}
