using System.Text;
using Bitacora.Records;
using Bitacora.Storage.Embedded.Engine;
using Bitacora.Storage.Embedded.Files;

namespace Bitacora.Storage.Embedded.Sealing;

/// <summary>
/// Writes encoded records as rows of a file's <see cref="FileSchema.Records"/>. Texts that are not ASCII get their fold beside them. The
/// record's bytes must stay where they are until DuckDB has consumed the chunk.
/// </summary>
internal sealed class RecordRowWriter(AttributeNameCounts names)
{
    private byte[] _folded = new byte[4096];
    private byte[] _types = new byte[64];

    /// <summary>Which columns got any value so far (<see cref="ColumnBits"/>).</summary>
    public int Columns { get; private set; }

    public void Write(ReadOnlySpan<ColumnWriter> columns, int row, in RecordReader record, int origin)
    {
        columns[(int)RecordColumn.Time].Int64(row, record.Time);
        columns[(int)RecordColumn.Origin].Int32(row, origin);
        columns[(int)RecordColumn.Position].Int64(row, unchecked((long)record.Position));
        columns[(int)RecordColumn.Level].Byte(row, (byte)record.Level);
        columns[(int)RecordColumn.Layer].Byte(row, (byte)record.Layer);
        for (var texts = record.ShortTexts; texts.MoveNext();)
        {
            columns[(int)RecordColumn.Source + (int)texts.Field].Utf8InPlace(row, texts.Utf8);
            Columns |= ColumnBits.Of(texts.Field);
        }

        WriteText(columns, row, RecordColumn.Message, record.Message, ColumnBits.Of(NamedField.Message), ColumnBits.MessageFolded);
        WriteText(columns, row, RecordColumn.Traceback, record.Traceback, ColumnBits.Of(NamedField.Traceback), ColumnBits.TracebackFolded);
        if (record.Template is { IsEmpty: false } template)
        {
            columns[(int)RecordColumn.Template].Utf8InPlace(row, template);
            Columns |= ColumnBits.Of(NamedField.Template);
        }

        if (record.TryGetDuration(out var milliseconds))
        {
            columns[(int)RecordColumn.Duration].Double(row, milliseconds);
            Columns |= ColumnBits.Duration;
        }

        WriteAttributes(columns, row, record);
    }

    private void WriteText(
        ReadOnlySpan<ColumnWriter> columns, int row, RecordColumn column, ReadOnlySpan<byte> text, int bit, int foldedBit)
    {
        if (text.IsEmpty)
        {
            return;
        }

        columns[(int)column].Utf8InPlace(row, text);
        Columns |= bit;
        if (Ascii.IsValid(text))
        {
            return;
        }

        var most = CaseFold.MaxFoldedLength(text.Length);
        if (_folded.Length < most)
        {
            _folded = new byte[most];
        }

        Columns |= foldedBit;

        // The fold's column stands right behind its text's.
        columns[(int)column + 1].Utf8(row, _folded.AsSpan(0, CaseFold.Fold(text, _folded)));
    }

    private void WriteAttributes(ReadOnlySpan<ColumnWriter> columns, int row, in RecordReader record)
    {
        var map = columns[(int)RecordColumn.Attributes];
        var count = record.AttributeCount;
        if (count == 0)
        {
            // An empty map, not a null: `map[name]` of it is null all the same, and list lengths stay defined.
            map.BeginMap(row);
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
            map.Member(row, attribute.Name, attribute.Text(scratch), isInPlace: attribute.Type == AttributeType.String);
            _types[written++] = AttributeTypeCode.Of(attribute);
            names.Add(attribute.Name, attribute.Type);
        }

        columns[(int)RecordColumn.AttributeTypes].Utf8(row, _types.AsSpan(0, written));
    }
}
