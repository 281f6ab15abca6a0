using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Bitacora.Ingestion.Pickle;

/// <summary>
/// Runs the opcodes of a pickle from untrusted bytes. Nothing that a pickle names is looked up, made or called: a class is its name, a call
/// is what it would have been called with. Its stack is used again and again; one thread at a time.
/// </summary>
internal sealed class PickleMachine
{
    /// <summary>Values that a pickle may have: more than any record has, and a few MiB of memory.</summary>
    public const int MaxValues = 131_072;

    /// <summary>Values that a pickle may remember.</summary>
    public const int MaxRemembered = 65_536;

    /// <summary>Marks within marks: as deep as values may lie in each other.</summary>
    public const int MaxDepth = 64;

    /// <summary>Digits of an integer.</summary>
    public const int MaxDigits = 64;

    /// <summary>A rare huge record must not hold its memory for as long as the decoder lives.</summary>
    private const int MostKept = 4096;

    private readonly List<int> _marks = [];
    private List<PickleValue> _stack = [];
    private Dictionary<uint, PickleValue> _memory = [];
    private int _at;
    private int _values;

    /// <summary>The value that a whole pickle leaves. Its places are in these bytes.</summary>
    /// <exception cref="PickleException">It is damaged, has another opcode, or is too large.</exception>
    public PickleValue Run(ReadOnlySpan<byte> pickle)
    {
        Clear();
        while (true)
        {
            var opcode = Take(pickle, 1)[0];
            if (opcode == PickleOpcode.Stop)
            {
                return _stack.Count == 1 && _marks.Count == 0 && _at == pickle.Length
                    ? _stack[0]
                    : throw new PickleException("the pickle does not end with one value");
            }

            Run(opcode, pickle);
        }
    }

    /// <summary>Forgets the values of the last pickle.</summary>
    public void Clear()
    {
        _marks.Clear();
        _stack = _stack.Capacity > MostKept ? [] : _stack;
        _memory = _memory.Count > MostKept ? [] : _memory;
        _stack.Clear();
        _memory.Clear();
        _at = _values = 0;
    }

    private void Run(byte opcode, ReadOnlySpan<byte> pickle)
    {
        switch (opcode)
        {
            case PickleOpcode.Mark:
                if (_marks.Count == MaxDepth)
                {
                    throw new PickleException($"values lie deeper than {MaxDepth} levels");
                }

                _marks.Add(_stack.Count);
                break;
            case PickleOpcode.None:
                Push(default);
                break;
            case PickleOpcode.Integer8:
                Push(new(PickleKind.Integer, Take(pickle, 1)[0]));
                break;
            case PickleOpcode.Integer16:
                Push(new(PickleKind.Integer, BinaryPrimitives.ReadUInt16LittleEndian(Take(pickle, 2))));
                break;
            case PickleOpcode.Integer32:
                Push(new(PickleKind.Integer, BinaryPrimitives.ReadInt32LittleEndian(Take(pickle, 4))));
                break;
            case PickleOpcode.Integer:
                PushIntegerOrBoolean(pickle);
                break;
            case PickleOpcode.Long:
                PushLong(pickle);
                break;
            case PickleOpcode.Double:
                Push(new(PickleKind.Double, BinaryPrimitives.ReadInt64BigEndian(Take(pickle, 8))));
                break;
            case PickleOpcode.Text:
                PushBytes(PickleKind.Text, BinaryPrimitives.ReadUInt32LittleEndian(Take(pickle, 4)), pickle);
                break;
            case PickleOpcode.Bytes:
                PushBytes(PickleKind.Bytes, BinaryPrimitives.ReadUInt32LittleEndian(Take(pickle, 4)), pickle);
                break;
            case PickleOpcode.ShortBytes:
                PushBytes(PickleKind.Bytes, Take(pickle, 1)[0], pickle);
                break;
            case PickleOpcode.Put:
                Remember(Take(pickle, 1)[0]);
                break;
            case PickleOpcode.LongPut:
                Remember(BinaryPrimitives.ReadUInt32LittleEndian(Take(pickle, 4)));
                break;
            case PickleOpcode.Get:
                Recall(Take(pickle, 1)[0]);
                break;
            case PickleOpcode.LongGet:
                Recall(BinaryPrimitives.ReadUInt32LittleEndian(Take(pickle, 4)));
                break;
            case PickleOpcode.Global:
                PushName(pickle);
                break;
            default:
                RunOnContainers(opcode);
                break;
        }
    }

    private void RunOnContainers(byte opcode)
    {
        switch (opcode)
        {
            case PickleOpcode.EmptyTuple:
                Push(PickleValue.Holding(PickleKind.Tuple));
                break;
            case PickleOpcode.EmptyList:
                Push(PickleValue.Holding(PickleKind.List));
                break;
            case PickleOpcode.EmptyDictionary:
                Push(PickleValue.Holding(PickleKind.Dictionary));
                break;
            case PickleOpcode.Tuple:
                var tuple = PickleValue.Holding(PickleKind.Tuple);
                tuple.Container!.Add(Above(_marks.Count > 0 ? _marks[^1] : throw Short()));
                PopMark();
                Push(tuple);
                break;
            case PickleOpcode.Append:
                AddItems(_stack.Count - 1, arePairs: false);
                break;
            case PickleOpcode.SetItem:
                AddItems(_stack.Count - 2, arePairs: true);
                break;
            case PickleOpcode.Appends:
                AddMarkedItems(arePairs: false);
                break;
            case PickleOpcode.SetItems:
                AddMarkedItems(arePairs: true);
                break;
            case PickleOpcode.Reduce:
                var arguments = Pop();
                var callable = Pop();
                if (arguments.Kind != PickleKind.Tuple || callable.Kind is not (PickleKind.Name or PickleKind.Object))
                {
                    throw Misplaced();
                }

                Push(new(PickleKind.Object, 0, new PickleContainer { Callable = callable, Arguments = arguments }));
                break;
            case PickleOpcode.Build:
                var state = Pop();
                if (Top is not { Kind: PickleKind.Object, Container: { } built })
                {
                    throw Misplaced();
                }

                built.State = state;
                break;
            default:
                throw new PickleException("an opcode that no log record has");
        }
    }

    private PickleValue Top => _stack.Count > Floor ? _stack[^1] : throw Short();

    /// <summary>What lies below the last mark cannot be reached before the mark is gone.</summary>
    private int Floor => _marks.Count > 0 ? _marks[^1] : 0;

    private ReadOnlySpan<PickleValue> Above(int place) => CollectionsMarshal.AsSpan(_stack)[place..];

    private void Push(PickleValue value)
    {
        if (++_values > MaxValues)
        {
            throw TooMany();
        }

        _stack.Add(value);
    }

    private PickleValue Pop()
    {
        var value = Top;
        _stack.RemoveAt(_stack.Count - 1);
        return value;
    }

    private void PopMark()
    {
        var place = _marks[^1];
        _stack.RemoveRange(place, _stack.Count - place);
        _marks.RemoveAt(_marks.Count - 1);
    }

    private void AddMarkedItems(bool arePairs)
    {
        if (_marks.Count == 0)
        {
            throw Short();
        }

        var place = _marks[^1];
        _marks.RemoveAt(_marks.Count - 1);
        AddItems(place, arePairs);
    }

    /// <summary>Moves what lies above a place into the container below it.</summary>
    private void AddItems(int place, bool arePairs)
    {
        if (place <= Floor)
        {
            throw Short();
        }

        var items = Above(place);
        var (kind, container) = (_stack[place - 1].Kind, _stack[place - 1].Container);
        var fits = arePairs
            ? kind == PickleKind.Dictionary || (kind == PickleKind.Object && (container!.ArePairs || container.Items.Count == 0))
            : kind == PickleKind.List || (kind == PickleKind.Object && !container!.ArePairs);
        if (!fits || (arePairs && items.Length % 2 != 0))
        {
            throw Misplaced();
        }

        if (arePairs)
        {
            container!.AddPairs(items);
        }
        else
        {
            container!.Add(items);
        }

        _stack.RemoveRange(place, items.Length);
    }

    private void Remember(uint name)
    {
        _memory[name] = Top;
        if (_memory.Count > MaxRemembered)
        {
            throw TooMany();
        }
    }

    private void Recall(uint name) =>
        Push(_memory.TryGetValue(name, out var value) ? value : throw new PickleException("a value that was not remembered"));

    private void PushBytes(PickleKind kind, uint length, ReadOnlySpan<byte> pickle)
    {
        var start = _at;
        Take(pickle, length);
        Push(PickleValue.At(kind, start, (int)length));
    }

    private void PushName(ReadOnlySpan<byte> pickle)
    {
        var start = _at;
        TakeLine(pickle, int.MaxValue);
        TakeLine(pickle, int.MaxValue);
        Push(PickleValue.At(PickleKind.Name, start, _at - 1 - start));
    }

    private void PushIntegerOrBoolean(ReadOnlySpan<byte> pickle)
    {
        var start = _at;
        var line = TakeLine(pickle, MaxDigits + 1);
        if (line.SequenceEqual("01"u8) || line.SequenceEqual("00"u8))
        {
            Push(new(PickleKind.Boolean, line[1] - '0'));
            return;
        }

        PushDigits(line, start);
    }

    private void PushLong(ReadOnlySpan<byte> pickle)
    {
        var start = _at;
        var line = TakeLine(pickle, MaxDigits + 2);
        PushDigits(line.EndsWith("L"u8) ? line[..^1] : line, start);
    }

    private void PushDigits(ReadOnlySpan<byte> line, int start)
    {
        var digits = line.StartsWith("-"u8) ? line[1..] : line;
        if (digits.IsEmpty || digits.IndexOfAnyExceptInRange((byte)'0', (byte)'9') >= 0)
        {
            throw new PickleException("an integer that is none");
        }

        Push(long.TryParse(line, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var integer)
            ? new(PickleKind.Integer, integer)
            : PickleValue.At(PickleKind.Digits, start, line.Length));
    }

    private ReadOnlySpan<byte> Take(ReadOnlySpan<byte> pickle, uint length)
    {
        if (length > (uint)(pickle.Length - _at))
        {
            throw new PickleException("the pickle ends early");
        }

        _at += (int)length;
        return pickle.Slice(_at - (int)length, (int)length);
    }

    private ReadOnlySpan<byte> TakeLine(ReadOnlySpan<byte> pickle, int longest)
    {
        var length = pickle[_at..].IndexOf((byte)'\n');
        if (length < 0 || length > longest)
        {
            throw new PickleException(length < 0 ? "the pickle ends early" : "an integer with too many digits");
        }

        return Take(pickle, (uint)length + 1)[..^1];
    }

    private static PickleException TooMany() => new($"more than {MaxValues} values, or {MaxRemembered} that are remembered");

    private static PickleException Short() => new("an opcode finds no value");

    private static PickleException Misplaced() => new("an opcode finds another value than it works on");
}
