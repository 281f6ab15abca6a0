using Bitacora.Records;

namespace Bitacora.Storage;

/// <summary>What parts of answers take in memory, about: the objects, and two bytes a character.</summary>
public static class AnswerSize
{
    private const int Object = 256;
    private const int Value = 64;

    /// <summary>Bytes of a part.</summary>
    public static long Of(AnswerPart part) => part switch
    {
        AnswerRecord row => Of(row.Record),
        AnswerGroup group => Object + group.Values.Sum(value => Value + Of(value as string)),
        _ => Object,
    };

    /// <summary>Bytes of a record.</summary>
    public static long Of(LogRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        long bytes = Object;
        for (var i = 0; i < NamedFields.Count; i++)
        {
            bytes += Of(record.Text((NamedField)i));
        }

        foreach (var (name, value) in record.Attributes)
        {
            bytes += Value + Of(name) + (value.Type == AttributeType.String ? Of(value.String) : 0);
        }

        return bytes;
    }

    private static long Of(string? text) => text is null ? 0 : sizeof(char) * (long)text.Length;
}
