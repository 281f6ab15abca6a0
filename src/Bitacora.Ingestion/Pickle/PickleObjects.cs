using System.Text.Unicode;

namespace Bitacora.Ingestion.Pickle;

/// <summary>
/// Writes what a pickle would have made by calls. Times, numbers, ids and containers of Python's library are written as what they mean,
/// everything else as <c>{"@type", "args", "state", "items"}</c>. Knowing a name means to know what its arguments say; nothing is called.
/// </summary>
internal sealed class PickleObjects(PickleJson json)
{
    /// <summary>A class or function itself, as its name: <c>shop.models.Order</c>.</summary>
    public void WriteName(PickleValue name, ReadOnlySpan<byte> pickle)
    {
        Span<byte> dotted = name.In(pickle).ToArray();
        dotted.Replace((byte)'\n', (byte)'.');
        json.Text(dotted);
    }

    public void Write(PickleContainer made, ReadOnlySpan<byte> pickle)
    {
        var arguments = made.Arguments.Container!.Items;
        var name = made.Callable.Kind == PickleKind.Name ? made.Callable.In(pickle) : default;
        if (made.State.Kind == PickleKind.None && TryWriteKnown(name, made, arguments, pickle))
        {
            return;
        }

        if (name.SequenceEqual("copy_reg\n_reconstructor"u8)
            && arguments is [{ Kind: PickleKind.Name } type, { Kind: PickleKind.Name }, ..])
        {
            WriteReconstructed(type, made, arguments, pickle);
            return;
        }

        WriteMade(made.Callable, arguments, made, pickle);
    }

    /// <summary>An instance of a class: of a class that extends a text, number or container with nothing more, that.</summary>
    private void WriteReconstructed(
        PickleValue type, PickleContainer made, IReadOnlyList<PickleValue> arguments, ReadOnlySpan<byte> pickle)
    {
        var isPlain = arguments[1].In(pickle).SequenceEqual("__builtin__\nobject"u8);
        if (type.In(pickle).SequenceEqual("uuid\nUUID"u8) && PickleTimes.TryFormatUuid(made.State, pickle, out var uuid))
        {
            json.Text(uuid);
        }
        else if (!isPlain && arguments.Count == 3 && made.State.Kind == PickleKind.None && made.Items.Count == 0)
        {
            json.Write(arguments[2], pickle);
        }
        else
        {
            WriteMade(type, isPlain ? [] : [.. arguments.Skip(2)], made, pickle);
        }
    }

    private void WriteMade(PickleValue type, IReadOnlyList<PickleValue> arguments, PickleContainer made, ReadOnlySpan<byte> pickle)
    {
        json.Raw("{\"@type\":"u8);
        json.Write(type, pickle);
        json.Raw(",\"args\":"u8);
        json.Array(arguments, pickle);
        if (made.State.Kind != PickleKind.None)
        {
            json.Raw(",\"state\":"u8);
            json.Write(made.State, pickle);
        }

        if (made.Items.Count > 0)
        {
            json.Raw(",\"items\":"u8);
            WriteItems(made, pickle);
        }

        json.Raw("}"u8);
    }

    private bool TryWriteKnown(
        ReadOnlySpan<byte> name, PickleContainer made, IReadOnlyList<PickleValue> arguments, ReadOnlySpan<byte> pickle)
    {
        var end = name.IndexOf((byte)'\n');
        if (end < 0)
        {
            return false;
        }

        var module = name[..end];
        if (module.SequenceEqual("datetime"u8))
        {
            return TryWriteTime(name[(end + 1)..], arguments, pickle);
        }

        if (module.SequenceEqual("collections"u8))
        {
            return TryWriteCollection(made, arguments, pickle);
        }

        return (module.SequenceEqual("__builtin__"u8) && TryWriteBuiltIn(name[(end + 1)..], arguments, pickle))
            || (name.SequenceEqual("_codecs\nencode"u8) && TryWriteBytes(arguments, pickle))
            || (name.SequenceEqual("decimal\nDecimal"u8) && TryWriteText(arguments, pickle));
    }

    private bool TryWriteTime(ReadOnlySpan<byte> name, IReadOnlyList<PickleValue> arguments, ReadOnlySpan<byte> pickle)
    {
        if (name.SequenceEqual("timedelta"u8))
        {
            if (!PickleTimes.TryReadSeconds(arguments, out var seconds))
            {
                return false;
            }

            json.Write(new(PickleKind.Double, BitConverter.DoubleToInt64Bits(seconds)), pickle);
            return true;
        }

        var isKnown = PickleTimes.TryFormat(name, arguments, pickle, out var text);
        if (isKnown)
        {
            json.Text(text);
        }

        return isKnown;
    }

    /// <summary>Ordered, counting and other dictionaries as dictionaries; a deque as a list.</summary>
    private bool TryWriteCollection(PickleContainer made, IReadOnlyList<PickleValue> arguments, ReadOnlySpan<byte> pickle)
    {
        if (made.Items.Count > 0)
        {
            WriteItems(made, pickle);
            return true;
        }

        if (arguments is not [{ Kind: PickleKind.List or PickleKind.Dictionary, Container: { IsOpen: false } } only, ..])
        {
            return false;
        }

        // Python 2 gives an ordered dictionary the list of its pairs.
        var pairs = only.Kind == PickleKind.List && only.Container.Items.Count > 0
            && only.Container.Items.All(static pair => pair is { Kind: PickleKind.List, Container.Items.Count: 2 })
            && made.Callable.In(pickle).SequenceEqual("collections\nOrderedDict"u8);
        if (pairs)
        {
            json.Pairs([.. only.Container.Items.SelectMany(static pair => pair.Container!.Items)], pickle);
        }
        else
        {
            json.Write(only, pickle);
        }

        return true;
    }

    private bool TryWriteBuiltIn(ReadOnlySpan<byte> name, IReadOnlyList<PickleValue> arguments, ReadOnlySpan<byte> pickle)
    {
        var isSet = name.SequenceEqual("set"u8) || name.SequenceEqual("frozenset"u8);
        if (isSet && arguments is [{ Kind: PickleKind.List } members])
        {
            json.Write(members, pickle);
            return true;
        }

        if (name.SequenceEqual("bytes"u8) && arguments.Count == 0)
        {
            json.Text(default);
            return true;
        }

        // Python 3 gives it bytes, Python 2 their characters.
        return name.SequenceEqual("bytearray"u8) && (arguments is [{ Kind: PickleKind.Text }, ..]
            ? TryWriteBytes(arguments, pickle)
            : arguments is [{ Kind: PickleKind.Object, Container: { IsOpen: false } bytes }] && IsBytes(bytes, pickle)
                && TryWriteBytes(bytes.Arguments.Container!.Items, pickle));
    }

    private static bool IsBytes(PickleContainer made, ReadOnlySpan<byte> pickle) =>
        made.Callable.Kind == PickleKind.Name && made.Callable.In(pickle).SequenceEqual("_codecs\nencode"u8);

    /// <summary>Bytes as the text that they are in UTF-8; where they are none, with each byte as the character of its number.</summary>
    private bool TryWriteBytes(IReadOnlyList<PickleValue> arguments, ReadOnlySpan<byte> pickle)
    {
        if (arguments is not [{ Kind: PickleKind.Text } characters, ..])
        {
            return false;
        }

        var text = characters.In(pickle);
        var bytes = new byte[text.Length];
        json.Text(PickleText.TryGetLatin1(text, bytes, out var length) && Utf8.IsValid(bytes.AsSpan(0, length))
            ? bytes.AsSpan(0, length)
            : text);
        return true;
    }

    private bool TryWriteText(IReadOnlyList<PickleValue> arguments, ReadOnlySpan<byte> pickle)
    {
        if (arguments is not [{ IsText: true } text])
        {
            return false;
        }

        json.Write(text, pickle);
        return true;
    }

    private void WriteItems(PickleContainer made, ReadOnlySpan<byte> pickle)
    {
        if (made.ArePairs)
        {
            json.Pairs(made.Items, pickle);
        }
        else
        {
            json.Array(made.Items, pickle);
        }
    }
}
