namespace Bitacora.Client.Entries;

/// <summary>Values as texts: as a message shows them, and as an attribute keeps them.</summary>
internal static class ValueRenderer
{
    /// <summary>A value in a message, as <see cref="string.Format(IFormatProvider, string, object)"/> with the invariant culture.</summary>
    public static void Render(in EntryValue value, string? format, TemplateStyle style, RenderedText text)
    {
        switch (value.Type)
        {
            case ValueType.Null when style == TemplateStyle.Named:
                break;
            case ValueType.Null or ValueType.NullSequence:
                text.Append("(null)"u8);
                break;
            case ValueType.Sequence:
                RenderElements(value, style, text);
                break;
            case ValueType.Enum or ValueType.EnumOfFlags:
                RenderEnum(value, format, text);
                break;
            case ValueType.Formatted:
                text.Append(format is null ? value.Text : value.Formatted);
                break;
            default:
                RenderFormatted(value, format, text);
                break;
        }
    }

    /// <summary>A text, an id or an attribute: the form that reads back the same.</summary>
    public static void RenderPlain(in EntryValue value, RenderedText text) => RenderScalar(value, value.Type switch
    {
        ValueType.DateTime or ValueType.DateTimeOffset or ValueType.DateOnly or ValueType.TimeOnly => "O",
        ValueType.Single or ValueType.Double => "R",
        _ => null,
    }, text);

    private static void RenderFormatted(in EntryValue value, string? format, RenderedText text)
    {
        if (string.IsNullOrEmpty(format))
        {
            RenderScalar(value, null, text);
            return;
        }

        try
        {
            RenderScalar(value, format, text);
        }
        catch (FormatException)
        {
            RenderScalar(value, null, text);
        }
    }

    private static void RenderScalar(in EntryValue value, string? format, RenderedText text)
    {
        switch (value.Type)
        {
            case ValueType.Text or ValueType.Enum or ValueType.EnumOfFlags or ValueType.Formatted:
                text.Append(value.Text);
                break;
            case ValueType.False:
                text.Append("False"u8);
                break;
            case ValueType.True:
                text.Append("True"u8);
                break;
            case ValueType.SByte:
                text.Append((sbyte)value.Integer, format);
                break;
            case ValueType.Byte:
                text.Append((byte)value.Integer, format);
                break;
            case ValueType.Int16:
                text.Append((short)value.Integer, format);
                break;
            case ValueType.UInt16:
                text.Append((ushort)value.Integer, format);
                break;
            case ValueType.Int32:
                text.Append((int)value.Integer, format);
                break;
            case ValueType.UInt32:
                text.Append((uint)value.Integer, format);
                break;
            case ValueType.Int64:
                text.Append(value.Integer, format);
                break;
            case ValueType.UInt64:
                text.Append((ulong)value.Integer, format);
                break;
            case ValueType.Single:
                text.Append(value.Single, format);
                break;
            case ValueType.Double:
                RenderDouble(value.Double, format, text);
                break;
            case ValueType.Decimal when value.TryDecimal(out var number):
                text.Append(number, format);
                break;
            default:
                RenderTime(value, format, text);
                break;
        }
    }

    private static void RenderDouble(double value, string? format, RenderedText text)
    {
        Span<byte> utf8 = stackalloc byte[ShortDecimal.MaxLength];
        if (string.IsNullOrEmpty(format) && ShortDecimal.TryFormat(value, utf8, out var written))
        {
            text.Append(utf8[..written]);
        }
        else
        {
            text.Append(value, format);
        }
    }

    private static void RenderTime(in EntryValue value, string? format, RenderedText text)
    {
        switch (value.Type)
        {
            case ValueType.DateTime:
                text.Append(value.DateTime, format);
                break;
            case ValueType.DateTimeOffset:
                text.Append(value.DateTimeOffset, format);
                break;
            case ValueType.TimeSpan:
                text.Append(value.TimeSpan, format);
                break;
            case ValueType.DateOnly:
                text.Append(value.DateOnly, format);
                break;
            case ValueType.TimeOnly:
                text.Append(value.TimeOnly, format);
                break;
            case ValueType.Guid:
                text.Append(value.Guid, format);
                break;
            case ValueType.Char:
                RenderCharacter((char)value.Integer, text);
                break;
        }
    }

    private static void RenderCharacter(char character, RenderedText text)
    {
        Span<byte> utf8 = stackalloc byte[4];
        System.Text.Unicode.Utf8.FromUtf16([character], utf8, out _, out var written);
        text.Append(utf8[..written]);
    }

    private static void RenderEnum(in EntryValue value, string? format, RenderedText text)
    {
        switch (format)
        {
            case "D" or "d" when value.IsUnsigned:
                text.Append((ulong)value.Integer, null);
                break;
            case "D" or "d":
                text.Append(value.Integer, null);
                break;
            case "F" or "f" when value.Type == ValueType.EnumOfFlags:
                text.Append(value.Formatted);
                break;
            case "X" or "x":
                var size = Math.Clamp(value.EnumSize, 1, sizeof(long));
                var mask = size == sizeof(long) ? -1 : (1L << (size * 8)) - 1;
                text.Append(value.Integer & mask, $"X{size * 2}");
                break;
            default:
                text.Append(value.Text);
                break;
        }
    }

    private static void RenderElements(in EntryValue value, TemplateStyle style, RenderedText text)
    {
        text.Append(style == TemplateStyle.Named ? "["u8 : default);
        var elements = value.Text;
        for (int at = 0, end; at < elements.Length; at = end)
        {
            end = EntryWalk.EndOfValue(elements, at);
            if (end == EntryWalk.Torn)
            {
                break;
            }

            text.Append(at == 0 ? default : ", "u8);
            Render(new EntryValue(elements[at..]), null, TemplateStyle.Positional, text);
        }

        text.Append(style == TemplateStyle.Named ? "]"u8 : default);
    }
}
