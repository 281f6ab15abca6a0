using Bitacora.Records;

namespace Bitacora.Storage.Cassandra.Writing;

/// <summary>The short texts of a record, asked for in the order of their numbers: one walk for all of them.</summary>
internal ref struct ShortTexts
{
    private ShortTextEnumerator _texts;
    private bool _isAtText;

    public ShortTexts(RecordReader record)
    {
        _texts = record.ShortTexts;
        _isAtText = _texts.MoveNext();
    }

    /// <summary>The text of a field behind those that were asked for; empty where the record does not have it.</summary>
    public ReadOnlySpan<byte> Next(NamedField field)
    {
        while (_isAtText && _texts.Field < field)
        {
            _isAtText = _texts.MoveNext();
        }

        return _isAtText && _texts.Field == field ? _texts.Utf8 : default;
    }
}
