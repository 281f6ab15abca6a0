using System.Text;
using Bitacora.Records;
using Bitacora.Storage.Embedded.Engine;
using Bitacora.Storage.Embedded.Files;

namespace Bitacora.Storage.Embedded.Sealing;

/// <summary>
/// Writes encoded records as rows of a file's <see cref="FileSchema.Records"/>. Texts that are not ASCII get their fold beside them.
/// </summary>
internal sealed class RecordRowWriter(ChunkAppender rows, AttributeNameCounts names)
{
    private byte[] _folded = new byte[4096];
    private byte[] _types = new byte[64];

    /// <summary>Which columns got any value so far (<see cref="ColumnBits"/>).</summary>
    public int Columns { get; private set; }

    public void Write(in RecordReader record, int origin)
    {
        var row = rows.Row;
        Column(RecordColumn.Time).Int64(row, record.Time);
        Column(RecordColumn.Origin).Int32(row, origin);
        Column(RecordColumn.Position).Int64(row, unchecked((long)record.Position));
        Column(RecordColumn.Level).Byte(row, (byte)record.Level);
        Column(RecordColumn.Layer).Byte(row, (byte)record.Layer);
        for (var i = 0; i < NamedFields.ShortCount; i++)
        {
            var text = record.Text((NamedField)i);
            rows.Column((int)RecordColumn.Source + i).Utf8OrNull(row, text);
            Columns |= text.IsEmpty ? 0 : 1 << i;
        }

        WriteText(row, RecordColumn.Message, record.Message, ColumnBits.Of(NamedField.Message), ColumnBits.MessageFolded);
        WriteText(row, RecordColumn.Traceback, record.Traceback, ColumnBits.Of(NamedField.Traceback), ColumnBits.TracebackFolded);
        Column(RecordColumn.Template).Utf8OrNull(row, record.Template);
        Columns |= record.Template.IsEmpty ? 0 : ColumnBits.Of(NamedField.Template);
        if (record.TryGetDuration(out var milliseconds))
        {
            Column(RecordColumn.Duration).Double(row, milliseconds);
            Columns |= ColumnBits.Duration;
        }
        else
        {
            Column(RecordColumn.Duration).Null(row);
        }

        WriteAttributes(row, record);
        rows.EndRow();
    }

    private void WriteText(int row, RecordColumn column, ReadOnlySpan<byte> text, int bit, int foldedBit)
    {
        // The fold's column stands right behind its text's.
        var foldedColumn = column + 1;
        Column(column).Utf8OrNull(row, text);
        Columns |= text.IsEmpty ? 0 : bit;
        if (Ascii.IsValid(text))
        {
            Column(foldedColumn).Null(row);
            return;
        }

        var most = CaseFold.MaxFoldedLength(text.Length);
        if (_folded.Length < most)
        {
            _folded = new byte[most];
        }

        Columns |= foldedBit;
        Column(foldedColumn).Utf8(row, _folded.AsSpan(0, CaseFold.Fold(text, _folded)));
    }

    private void WriteAttributes(int row, in RecordReader record)
    {
        var map = Column(RecordColumn.Attributes);
        var types = Column(RecordColumn.AttributeTypes);
        var count = record.AttributeCount;
        if (count == 0)
        {
            // An empty map, not a null: `map[name]` of it is null all the same, and list lengths stay defined.
            map.BeginMap(row);
            types.Null(row);
            return;
        }

        if (_types.Length < count)
        {
            _types = new byte[count];
        }

        Span<byte> scratch = stackalloc byte[ValueText.MaxLength];
        Columns |= ColumnBits.Attributes;
        map.BeginMap(row);
        var written = 0;
        foreach (var attribute in record.Attributes)
        {
            map.Member(row, attribute.Name, attribute.Text(scratch));
            _types[written++] = AttributeTypeCode.Of(attribute);
            names.Add(attribute.Name, attribute.Type);
        }

        types.Utf8(row, _types.AsSpan(0, written));
    }

    private ColumnWriter Column(RecordColumn column) => rows.Column((int)column);
}
