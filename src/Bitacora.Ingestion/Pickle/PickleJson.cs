using System.Globalization;
using Bitacora.Ingestion.Lines;
using Bitacora.Records;

namespace Bitacora.Ingestion.Pickle;

/// <summary>
/// Writes values of a pickle as JSON. A pickle may name one value many times, and a value may hold itself: what is written is bounded, and
/// a value within itself is <c>"&lt;cycle&gt;"</c>.
/// </summary>
internal sealed class PickleJson
{
    /// <summary>
    /// Bytes of texts that a record may have when each is written where it is named: twice what a frame of the usual size holds.
    /// </summary>
    public const int MaxText = 2 << 20;

    private readonly TextBuffer _json = new();
    private readonly TextBuffer _clean = new();
    private readonly PickleObjects _objects;
    private int _depth;
    private int _values;
    private int _text;

    public PickleJson() => _objects = new PickleObjects(this);

    /// <summary>What was written so far. Valid until the next change.</summary>
    public ReadOnlySpan<byte> Written => _json.Written;

    public void Clear()
    {
        _json.Clear();
        _clean.Clear();
        _depth = _values = _text = 0;
    }

    /// <exception cref="PickleException">It lies too deep, or there is too much.</exception>
    public void Write(PickleValue value, ReadOnlySpan<byte> pickle)
    {
        if (++_values > PickleMachine.MaxValues)
        {
            throw new PickleException($"more than {PickleMachine.MaxValues} values when each is written where it is named");
        }

        switch (value.Kind)
        {
            case PickleKind.None:
                Raw("null"u8);
                break;
            case PickleKind.Boolean:
                Raw(value.Bits != 0 ? "true"u8 : "false"u8);
                break;
            case PickleKind.Integer:
                _json.Advance(ValueText.Write(value.Bits, _json.Reserve(ValueText.MaxLength)));
                break;
            case PickleKind.Digits:
                WriteDigits(value.In(pickle));
                break;
            case PickleKind.Double:
                WriteDouble(value.Double);
                break;
            case PickleKind.Text or PickleKind.Bytes:
                Text(value.In(pickle));
                break;
            case PickleKind.Name:
                _objects.WriteName(value, pickle);
                break;
            default:
                WriteContainer(value, pickle);
                break;
        }
    }

    /// <summary>Writes punctuation, or what is JSON already.</summary>
    public void Raw(ReadOnlySpan<byte> json) => _json.Append(json);

    /// <summary>Writes a text of any bytes as a JSON string.</summary>
    /// <exception cref="PickleException">There is too much.</exception>
    public void Text(ReadOnlySpan<byte> text)
    {
        if ((_text += text.Length) > MaxText)
        {
            throw new PickleException($"more than {MaxText} bytes of text when each is written where it is named");
        }

        Raw("\""u8);
        WriteEscaped(PickleText.Clean(text, _clean));
        Raw("\""u8);
    }

    /// <summary>Writes values as an array.</summary>
    public void Array(IReadOnlyList<PickleValue> items, ReadOnlySpan<byte> pickle)
    {
        Raw("["u8);
        for (var i = 0; i < items.Count; i++)
        {
            if (i > 0)
            {
                Raw(","u8);
            }

            Write(items[i], pickle);
        }

        Raw("]"u8);
    }

    /// <summary>Writes keys and values in turn as an object.</summary>
    public void Pairs(IReadOnlyList<PickleValue> items, ReadOnlySpan<byte> pickle)
    {
        Raw("{"u8);
        for (var i = 0; i < items.Count; i += 2)
        {
            if (i > 0)
            {
                Raw(","u8);
            }

            Pair(items[i], items[i + 1], pickle);
        }

        Raw("}"u8);
    }

    /// <summary>Writes a member of an object. A key that is no text is the text of what it is.</summary>
    public void Pair(PickleValue key, PickleValue value, ReadOnlySpan<byte> pickle)
    {
        if (key.IsText)
        {
            Text(key.In(pickle));
        }
        else
        {
            var start = _json.Written.Length;
            Write(key, pickle);
            var text = _json.Written[start..].ToArray();
            _json.CutTo(start);
            Text(text);
        }

        Raw(":"u8);
        Write(value, pickle);
    }

    private void WriteContainer(PickleValue value, ReadOnlySpan<byte> pickle)
    {
        var container = value.Container!;
        if (container.IsOpen)
        {
            Raw("\"<cycle>\""u8);
            return;
        }

        if (_depth == PickleMachine.MaxDepth)
        {
            throw new PickleException($"values lie deeper than {PickleMachine.MaxDepth} levels");
        }

        _depth++;
        container.IsOpen = true;
        if (value.Kind == PickleKind.Object)
        {
            _objects.Write(container, pickle);
        }
        else if (container.ArePairs || value.Kind == PickleKind.Dictionary)
        {
            Pairs(container.Items, pickle);
        }
        else
        {
            Array(container.Items, pickle);
        }

        container.IsOpen = false;
        _depth--;
    }

    private void WriteDigits(ReadOnlySpan<byte> digits)
    {
        // JSON has no zeros before a number.
        if (digits.StartsWith("-"u8))
        {
            Raw("-"u8);
            digits = digits[1..];
        }

        Raw(digits.TrimStart((byte)'0'));
    }

    private void WriteDouble(double value)
    {
        if (!double.IsFinite(value))
        {
            // As Python's str() writes them.
            Raw(double.IsNaN(value) ? "\"nan\""u8 : value > 0 ? "\"inf\""u8 : "\"-inf\""u8);
            return;
        }

        var text = _json.Reserve(ValueText.MaxLength + 2);
        value.TryFormat(text, out var length, "R", CultureInfo.InvariantCulture);
        if (text[..length].IndexOfAny(".E"u8) < 0)
        {
            ".0"u8.CopyTo(text[length..]);
            length += 2;
        }

        _json.Advance(length);
    }

    private void WriteEscaped(ReadOnlySpan<byte> text)
    {
        while (true)
        {
            var plain = 0;
            while (plain < text.Length && text[plain] >= ' ' && text[plain] is not ((byte)'"' or (byte)'\\'))
            {
                plain++;
            }

            Raw(text[..plain]);
            if (plain == text.Length)
            {
                return;
            }

            WriteEscape(text[plain]);
            text = text[(plain + 1)..];
        }
    }

    private void WriteEscape(byte character)
    {
        switch (character)
        {
            case (byte)'"' or (byte)'\\':
                Raw([(byte)'\\', character]);
                break;
            case (byte)'\n':
                Raw("\\n"u8);
                break;
            case (byte)'\r':
                Raw("\\r"u8);
                break;
            case (byte)'\t':
                Raw("\\t"u8);
                break;
            default:
                Raw([.. "\\u00"u8, "0123456789abcdef"u8[character >> 4], "0123456789abcdef"u8[character & 15]]);
                break;
        }
    }
}
