using System.Collections;
using System.Runtime.CompilerServices;
using Bitacora.Client.Entries;
using Bitacora.Records;

namespace Bitacora.Client;

/// <summary>
/// Writes what a log call says into the bytes of an entry, for <see cref="LogQueue.TryWrite"/>; <see cref="EntryDecoder"/> makes the
/// record of it later, on another thread. Values are copied with their types, so what changes after the call changes nothing.
/// </summary>
/// <remarks>
/// One per thread, taken by <see cref="TryBegin"/> and given back by <see cref="Dispose"/>; nothing is allocated for values of the
/// framework's simple types. No method throws what an object of the application throws (from <see cref="object.ToString"/>, an
/// enumerator): the value is replaced by a note and the record is flagged (<c>parse_error</c>). What does not fit is left out and the
/// record is flagged (<c>truncated</c>). The order is: event, template and its values, enrichment, scopes; the rest anywhere.
/// </remarks>
public sealed class EntryWriter : IDisposable
{
    /// <summary>The most bytes of an entry unless less is asked for: 1 MiB.</summary>
    public const int MaxBytes = 1 << 20;

    /// <summary>
    /// How deep calls may stand within each other on one thread (an object's <see cref="object.ToString"/> that logs).
    /// </summary>
    private const int DepthLimit = 4;

    // For the marks at the end: truncated, and a fault with its length.
    private const int FaultLimit = 256;
    private const int Tail = 1 + 1 + sizeof(int) + FaultLimit;

    private const int NameLimit = 256;

    [ThreadStatic]
    private static EntryWriter? _ofThread;

    private readonly EntryBuffer _buffer = new();
    private readonly KnownScopes _scopes = new();
    private string? _fault;
    private string _template = "";
    private int _values;
    private bool _isEnded;

    // What the entry begins with, while it is not written: mostly it is copied in one piece with the template.
    private EntryOpening _opening;
    private bool _isOpen;

    // Of the thread's own writer: how many are in use, this one and those within its calls.
    private int _depth;
    private EntryWriter? _outermost;

    private EntryWriter()
    {
    }

    /// <summary>The entry. Nothing may be added afterwards. Valid until <see cref="Dispose"/>.</summary>
    public ReadOnlySpan<byte> Written
    {
        get
        {
            End();
            return _buffer.Written;
        }
    }

    /// <summary>The bytes so far, those of an entry's beginning included.</summary>
    public int Length => Start();

    /// <summary>Begins an entry. Null where log calls stand too deep within each other.</summary>
    /// <param name="time">When it happened.</param>
    /// <param name="level">How bad it is.</param>
    /// <param name="category">The logger's name.</param>
    /// <param name="maxBytes">The most bytes that the entry may have, at least 1 KiB.</param>
    public static EntryWriter? TryBegin(DateTimeOffset time, Level level, string? category, int maxBytes = MaxBytes)
    {
        var outermost = _ofThread ??= new EntryWriter();
        if (outermost._depth >= DepthLimit)
        {
            return null;
        }

        var writer = outermost._depth++ == 0 ? outermost : new EntryWriter();
        writer._outermost = outermost;
        writer.Begin(RecordTime.From(time), level, category, maxBytes);
        return writer;
    }

    /// <summary>The event's number and name.</summary>
    public void Event(int id, string? name)
    {
        _opening = _opening with { EventId = id, EventName = name, HasEvent = true };
        if (_isOpen)
        {
            WriteEvent();
        }
    }

    /// <summary>The message template, whose values follow.</summary>
    public void Template(string template, TemplateStyle style)
    {
        (_template, _values) = (template, 0);
        var opening = _opening with { Template = template, Style = style };
        if (!_isOpen && KnownOpenings.Find(opening) is { } known && _buffer.TryTake(known.Length, out var room))
        {
            known.CopyTo(room);
            _isOpen = true;
            return;
        }

        var isFirst = !_isOpen;
        var start = Start();
        Keep(start, _buffer.TryWrite((byte)EntryTag.Template, (byte)style) && _buffer.TryWriteKnown(template, int.MaxValue));
        if (isFirst && !_buffer.IsTruncated
            && _buffer.IsKnown(template) && _buffer.IsKnown(opening.Category) && _buffer.IsKnown(opening.EventName))
        {
            KnownOpenings.Learn(opening, _buffer.Written[EntryHead.Size..]);
        }
    }

    /// <summary>The message, where no template gives it.</summary>
    public void Message(ReadOnlySpan<char> message)
    {
        var start = Start();
        Keep(start, Tag(EntryTag.Message) && _buffer.TryWrite(message, int.MaxValue));
    }

    /// <summary>The value of the template's next hole.</summary>
    public void Value<T>(T value)
    {
        var start = Start();
        if (!ValueEncoder.TryWriteSimple(_buffer, EntryTag.Value, value) && Tag(EntryTag.Value))
        {
            Encode(start, value, HoleFormat.At(_template, _values));
        }

        _values++;
    }

    /// <inheritdoc cref="Value{T}(T)"/>
    public void OptionalValue<T>(T? value)
        where T : struct
    {
        if (value is { } known)
        {
            Value(known);
        }
        else
        {
            Value<object?>(null);
        }
    }

    /// <summary>A value with its name: one of the template, or of the scope or enrichment that was begun last.</summary>
    public void Value<T>(string name, T value)
    {
        if (TryName(name, out var start))
        {
            Encode(start, value, HoleFormat.Named(_template, name));
        }
    }

    /// <summary>A value with its name; where it is a collection, the text that it gives itself and not its elements.</summary>
    public void OwnText<T>(string name, T value)
    {
        if (TryName(name, out var start))
        {
            Encode(start, value, HoleFormat.Named(_template, name), isOwnText: value is IEnumerable and not string);
        }
    }

    /// <inheritdoc cref="Value{T}(string, T)"/>
    public void OptionalValue<T>(string name, T? value)
        where T : struct
    {
        if (value is { } known)
        {
            Value(name, known);
        }
        else
        {
            Value<object?>(name, null);
        }
    }

    /// <summary>A collection that is missing, where another one would have been the value.</summary>
    public void MissingCollection(string name)
    {
        var start = Start();
        Keep(start, Tag(EntryTag.NamedValue) && _buffer.TryWrite(name, NameLimit)
            && _buffer.TryWrite((byte)Entries.ValueType.NullSequence));
    }

    /// <summary>The values that follow were added to the record and are none of the call's.</summary>
    public void BeginEnrichment()
    {
        Start();
        _template = "";
        Tag(EntryTag.Enrichment);
    }

    /// <summary>The values that follow are a scope's; the outermost scope comes first.</summary>
    public void BeginScope()
    {
        Start();
        _template = "";
        Tag(EntryTag.Scope);
    }

    /// <summary>Writes a scope as it was written before, if that was remembered.</summary>
    /// <param name="scope">The same object.</param>
    public bool TryRepeatScope(object scope)
    {
        Start();
        _template = "";
        return _scopes.Find(scope) is { IsEmpty: false } known && _buffer.TryWrite(known);
    }

    /// <summary>Remembers, for its thread, what was written for a scope that can never change.</summary>
    /// <param name="scope">The object.</param>
    /// <param name="since">The <see cref="Length"/> before it was written.</param>
    public void RememberScope(object scope, int since)
    {
        if (!_buffer.IsTruncated)
        {
            _scopes.Learn(scope, _buffer.Written[since..]);
        }
    }

    /// <summary>The text of a scope that has no values.</summary>
    public void ScopeText(string? text)
    {
        var start = Start();
        Keep(start, Tag(EntryTag.ScopeText) && _buffer.TryWrite(text, ValueEncoder.TextLimit));
    }

    /// <summary>The ids of the trace and the span in which it happened.</summary>
    public void Trace(string traceId, string? spanId)
    {
        var start = Start();
        Keep(start, Tag(EntryTag.Trace) && _buffer.TryWrite(traceId, NameLimit) && _buffer.TryWrite(spanId, NameLimit));
    }

    /// <summary>
    /// What is left of the exception should this process end before its text was made: type, message and number. The exception itself
    /// goes to the queue beside the entry.
    /// </summary>
    public void Exception(Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        string? message;
        try
        {
            message = ExceptionText.MessageOf(exception);
        }
        catch (Exception failure)
        {
            message = null;
            Fault("the exception's message", failure);
        }

        var start = Start();
        Keep(start, Tag(EntryTag.Exception) && _buffer.TryWrite(exception.GetType().FullName, NameLimit * 2)
            && _buffer.TryWrite(message, ValueEncoder.TextLimit) && _buffer.TryWrite(exception.HResult));
    }

    /// <summary>The exception's text, where there is nothing else of it.</summary>
    public void Traceback(ReadOnlySpan<char> text)
    {
        var start = Start();
        Keep(start, Tag(EntryTag.Traceback) && _buffer.TryWrite(text, int.MaxValue));
    }

    /// <summary>Flags the record: something of it could not be read at the call.</summary>
    public void Fault(string what, Exception failure)
    {
        ArgumentNullException.ThrowIfNull(failure);
        _fault ??= $"{what} threw {failure.GetType().FullName}";
    }

    /// <summary>Gives the writer back to its thread.</summary>
    public void Dispose()
    {
        if (_outermost is { } outermost)
        {
            outermost._depth--;
            (_outermost, _template, _fault, _opening) = (null, "", null, default);
        }
    }

    private void Begin(long time, Level level, string? category, int maxBytes)
    {
        (_isEnded, _isOpen, _values) = (false, false, 0);
        _opening = new EntryOpening { Category = category };
        _buffer.Begin(Math.Clamp(maxBytes, 1024, MaxBytes) - Tail);
        _buffer.TryTake(EntryHead.Size, out var head);
        new EntryHead(level, time).Write(head);
    }

    /// <summary>Where the next item begins.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Start()
    {
        if (!_isOpen)
        {
            WriteOpening();
        }

        return _buffer.Length;
    }

    private void WriteOpening()
    {
        _isOpen = true;
        var start = _buffer.Length;
        Keep(start, Tag(EntryTag.Category) && _buffer.TryWriteKnown(_opening.Category, NameLimit));
        if (_opening.HasEvent)
        {
            WriteEvent();
        }
    }

    private void WriteEvent()
    {
        var start = _buffer.Length;
        Keep(start, Tag(EntryTag.Event) && _buffer.TryWrite(_opening.EventId) && _buffer.TryWriteKnown(_opening.EventName, NameLimit));
    }

    private bool Tag(EntryTag tag) => _buffer.TryWrite((byte)tag);

    private void Keep(int start, bool isWhole)
    {
        if (!isWhole)
        {
            _buffer.Length = start;
        }
    }

    private bool TryName(string name, out int start)
    {
        start = Start();
        if (Tag(EntryTag.NamedValue) && _buffer.TryWriteKnown(name, NameLimit))
        {
            return true;
        }

        _buffer.Length = start;
        return false;
    }

    private void Encode<T>(int start, T value, HoleFormat format, bool isOwnText = false)
    {
        var from = _buffer.Length;
        bool isWhole;
        try
        {
            isWhole = isOwnText
                ? ValueEncoder.TryWriteOwnText(_buffer, value!, format)
                : ValueEncoder.TryWrite(_buffer, value, format);
        }
        catch (Exception failure)
        {
            // Whatever an object of the application does, the rest of the call is kept.
            _buffer.Length = from;
            var type = value?.GetType().FullName;
            Fault($"a value of type {type}", failure);
            isWhole = ValueEncoder.TryWriteText(_buffer, $"({type}: {failure.GetType().Name})");
        }

        if (!isWhole)
        {
            // A value that is missing must not move those behind it to other holes.
            _buffer.Length = from;
            Keep(start, _buffer.TryWrite((byte)Entries.ValueType.Null));
        }
    }

    private void End()
    {
        if (_isEnded)
        {
            return;
        }

        Start();
        _isEnded = true;
        _buffer.Extend(Tail);
        if (_buffer.IsTruncated)
        {
            Tag(EntryTag.Truncated);
        }

        if (_fault is not null && Tag(EntryTag.Fault))
        {
            _buffer.TryWrite(_fault, FaultLimit);
        }
    }
}
