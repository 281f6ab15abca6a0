using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Bitacora.Ingestion.Lines;

namespace Bitacora.Ingestion.JsonLines;

/// <summary>
/// Walks over JSON text of untrusted bytes without throwing, allocating or recursing. It takes more than JSON allows where real senders
/// write it: control characters and bytes that are not UTF-8 inside strings, lone surrogates, <c>NaN</c> and <c>Infinity</c>. Checked
/// here, it lets values be cut out by place alone.
/// </summary>
internal ref struct JsonScanner(ReadOnlySpan<byte> json)
{
    /// <summary>Brackets within brackets. No sender's records come near; it bounds the table of open brackets below.</summary>
    public const int MaxDepth = 1024;

    private readonly ReadOnlySpan<byte> _json = json;

    public int At { get; set; }

    public LineFault Fault { get; private set; }

    public readonly LineOutcome Outcome => new(Fault, At);

    public bool Fail(LineFault fault)
    {
        Fault = At >= _json.Length && fault != LineFault.NotAnObject ? LineFault.EndsEarly : fault;
        return false;
    }

    /// <summary>Steps over an opening brace at the start of the text.</summary>
    public bool TryOpenDocument()
    {
        SkipBlanks();
        if (At >= _json.Length || _json[At] != '{')
        {
            return Fail(LineFault.NotAnObject);
        }

        At++;
        return true;
    }

    /// <summary>Whether only blanks are left.</summary>
    public bool TryEndDocument()
    {
        SkipBlanks();
        return At >= _json.Length || Fail(LineFault.TrailingText);
    }

    /// <summary>Steps over a closing bracket, if that is what comes next.</summary>
    public bool TryClose(byte bracket)
    {
        SkipBlanks();
        if (At < _json.Length && _json[At] == bracket)
        {
            At++;
            return true;
        }

        return false;
    }

    /// <summary>Behind a value: steps over a comma (more follows) or the closing bracket.</summary>
    public bool TryContinue(byte bracket, out bool more)
    {
        SkipBlanks();
        more = At < _json.Length && _json[At] == ',';
        if (!more && (At >= _json.Length || _json[At] != bracket))
        {
            return Fail(LineFault.CommaExpected);
        }

        At++;
        return true;
    }

    /// <summary>
    /// What most members are, in one step: a name and a text, both without escapes, and no more between them than a blank. False, and
    /// nothing happened, where the member is anything else.
    /// </summary>
    public bool TryReadPlainMember(out JsonValue name, out JsonValue text)
    {
        name = text = default;
        var json = _json;
        var start = At;
        if ((uint)start >= (uint)json.Length || json[start] != '"')
        {
            return false;
        }

        var nameLength = LengthOfPlainText(json[++start..]);
        var at = start + nameLength;
        if (nameLength < 0 || json.Length - at < 5 || json[at] != '"' || json[at + 1] != ':')
        {
            return false;
        }

        at += json[at + 2] == ' ' ? 3 : 2;
        if (json[at] != '"')
        {
            return false;
        }

        var textLength = LengthOfPlainText(json[++at..]);
        if (textLength < 0 || json[at + textLength] != '"')
        {
            return false;
        }

        name = new JsonValue(JsonKind.String, start, nameLength, false);
        text = new JsonValue(JsonKind.String, at, textLength, false);
        At = at + textLength + 1;
        return true;
    }

    /// <summary>A member's name and the colon behind it.</summary>
    public bool TryReadName(out JsonValue name)
    {
        SkipBlanks();
        name = default;
        if (At >= _json.Length || _json[At] != '"')
        {
            return Fail(LineFault.NameExpected);
        }

        if (!TryReadString(out name))
        {
            return false;
        }

        SkipBlanks();
        if (At >= _json.Length || _json[At] != ':')
        {
            return Fail(LineFault.ColonExpected);
        }

        At++;
        return true;
    }

    /// <summary>
    /// A value. Arrays are stepped over whole; of an object only the opening brace, so that the caller reads its members.
    /// </summary>
    public bool TryReadValue(out JsonValue value)
    {
        SkipBlanks();
        var start = At;
        switch (At < _json.Length ? _json[At] : 0)
        {
            case (byte)'"':
                return TryReadString(out value);
            case (byte)'{':
                At++;
                value = new JsonValue(JsonKind.Object, start, 1, false);
                return true;
            case (byte)'[':
                value = default;
                if (!TrySkipContainer())
                {
                    return false;
                }

                value = new JsonValue(JsonKind.Array, start, At - start, false);
                return true;
            default:
                return TryReadScalar(out value);
        }
    }

    /// <summary>Steps over an object or array whole, on whose opening bracket the scanner stands.</summary>
    public bool TrySkipContainer()
    {
        Span<ulong> objects = stackalloc ulong[MaxDepth / 64];
        var depth = 0;
        while (true)
        {
            // On a bracket that opens.
            if (depth == MaxDepth)
            {
                return Fail(LineFault.TooDeep);
            }

            var isObject = _json[At++] == '{';
            var bit = 1UL << (depth % 64);
            objects[depth / 64] = isObject ? objects[depth / 64] | bit : objects[depth / 64] & ~bit;
            depth++;
            var closed = TryClose(isObject ? (byte)'}' : (byte)']');

            while (true)
            {
                if (!closed)
                {
                    if (isObject && !TryReadName(out _))
                    {
                        return false;
                    }

                    SkipBlanks();
                    if (At < _json.Length && _json[At] is (byte)'{' or (byte)'[')
                    {
                        break;
                    }

                    if (!TryReadScalar(out _) || !TryContinue(isObject ? (byte)'}' : (byte)']', out var more))
                    {
                        return false;
                    }

                    closed = !more;
                    continue;
                }

                if (--depth == 0)
                {
                    return true;
                }

                isObject = (objects[(depth - 1) / 64] & (1UL << ((depth - 1) % 64))) != 0;
                if (!TryContinue(isObject ? (byte)'}' : (byte)']', out var another))
                {
                    return false;
                }

                closed = !another;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void SkipBlanks()
    {
        // Nearly always there is none.
        if (At < _json.Length && _json[At] <= ' ')
        {
            SkipSomeBlanks();
        }
    }

    private void SkipSomeBlanks()
    {
        while (At < _json.Length && _json[At] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')
        {
            At++;
        }
    }

    private bool TryReadScalar(out JsonValue value)
    {
        value = default;
        var start = At;
        switch (At < _json.Length ? _json[At] : 0)
        {
            case (byte)'"':
                return TryReadString(out value);
            case (byte)'t':
                return TryReadWord("true"u8, JsonKind.True, start, out value);
            case (byte)'f':
                return TryReadWord("false"u8, JsonKind.False, start, out value);
            case (byte)'n':
                return TryReadWord("null"u8, JsonKind.Null, start, out value);
            case (byte)'N':
                return TryReadWord("NaN"u8, JsonKind.NotFinite, start, out value);
            case (byte)'I':
                return TryReadWord("Infinity"u8, JsonKind.NotFinite, start, out value);
            case (byte)'-' when At + 1 < _json.Length && _json[At + 1] == 'I':
                At++;
                return TryReadWord("Infinity"u8, JsonKind.NotFinite, start, out value);
            case (byte)'-' or (>= (byte)'0' and <= (byte)'9'):
                if (!TrySkipNumber())
                {
                    return false;
                }

                value = new JsonValue(JsonKind.Number, start, At - start, false);
                return true;
            default:
                return Fail(LineFault.ValueExpected);
        }
    }

    private bool TryReadWord(ReadOnlySpan<byte> word, JsonKind kind, int start, out JsonValue value)
    {
        value = default;
        if (!_json[At..].StartsWith(word))
        {
            return Fail(LineFault.ValueExpected);
        }

        At += word.Length;
        value = new JsonValue(kind, start, At - start, false);
        return true;
    }

    private bool TrySkipNumber()
    {
        At += _json[At] == '-' ? 1 : 0;
        var first = At;
        if (!TrySkipDigits() || (_json[first] == '0' && At - first > 1))
        {
            return Fail(LineFault.BadNumber);
        }

        if (At < _json.Length && _json[At] == '.')
        {
            At++;
            if (!TrySkipDigits())
            {
                return Fail(LineFault.BadNumber);
            }
        }

        if (At < _json.Length && _json[At] is (byte)'e' or (byte)'E')
        {
            At++;
            At += At < _json.Length && _json[At] is (byte)'+' or (byte)'-' ? 1 : 0;
            if (!TrySkipDigits())
            {
                return Fail(LineFault.BadNumber);
            }
        }

        return true;
    }

    private bool TrySkipDigits()
    {
        var start = At;
        while (At < _json.Length && (uint)(_json[At] - '0') <= 9)
        {
            At++;
        }

        return At > start;
    }

    private bool TryReadString(out JsonValue value)
    {
        value = default;
        var start = ++At;
        var escaped = false;
        while (true)
        {
            var length = LengthOfPlainText(_json[At..]);
            if (length < 0)
            {
                At = _json.Length;
                return Fail(LineFault.EndsEarly);
            }

            At += length;
            if (_json[At] == '"')
            {
                value = new JsonValue(JsonKind.String, start, At - start, escaped);
                At++;
                return true;
            }

            escaped = true;
            if (!TrySkipEscape())
            {
                return false;
            }
        }
    }

    /// <summary>Up to the next quote or backslash, or negative. Most texts are short: they are found in one step, without a call.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int LengthOfPlainText(ReadOnlySpan<byte> text)
    {
        if (Vector128.IsHardwareAccelerated && text.Length >= Vector128<byte>.Count)
        {
            var block = Vector128.Create(text);
            var ends = (Vector128.Equals(block, Vector128.Create((byte)'"')) | Vector128.Equals(block, Vector128.Create((byte)'\\')))
                .ExtractMostSignificantBits();
            if (ends != 0)
            {
                return BitOperations.TrailingZeroCount(ends);
            }
        }

        return text.IndexOfAny((byte)'"', (byte)'\\');
    }

    private bool TrySkipEscape()
    {
        switch (At + 1 < _json.Length ? _json[At + 1] : 0)
        {
            case (byte)'"' or (byte)'\\' or (byte)'/' or (byte)'b' or (byte)'f' or (byte)'n' or (byte)'r' or (byte)'t':
                At += 2;
                return true;
            case (byte)'u' when At + 6 <= _json.Length && JsonText.TryReadHex(_json.Slice(At + 2, 4), out _):
                At += 6;
                return true;
            default:
                return Fail(LineFault.BadEscape);
        }
    }
}
