using System.Runtime.CompilerServices;
using Bitacora.Client;

namespace Bitacora.Extensions.Logging.Capture;

/// <summary>Writes the state of a log call into its entry.</summary>
internal static class StateReader<TState>
{
    private static readonly StateKind Kind = StateKinds.Of(typeof(TState));

    private static readonly Action<TState, EntryWriter>? Emitted =
        RuntimeFeature.IsDynamicCodeSupported ? StateReaderEmitter.TryEmit<TState>(Kind) : null;

    /// <summary>Whether states of this type are read without boxing.</summary>
    public static bool IsEmitted => Emitted is not null;

    public static void Read(TState state, Exception? exception, Func<TState, Exception?, string> formatter, EntryWriter entry)
    {
        if (Emitted is { } read)
        {
            read(state, entry);
        }
        else
        {
            ReadPlainly(state, exception, formatter, entry);
        }
    }

    /// <summary>Through the interface that all structured states have: the same entry, with boxed values.</summary>
    public static void ReadPlainly(TState state, Exception? exception, Func<TState, Exception?, string> formatter, EntryWriter entry)
    {
        try
        {
            // Where nothing is filled in, only the state knows whether doubled braces count; and of a missing value or a collection,
            // whether it was declared as one.
            if (Kind == StateKind.Other || state is not IReadOnlyList<KeyValuePair<string, object?>> values || values.Count <= 1)
            {
                StateValues.Write(state, formatter(state, exception), entry);
            }
            else if (Kind == StateKind.Generated && StateValues.HasUnclear(values))
            {
                StateValues.WriteNamed(values, formatter(state, exception), entry);
            }
            else if (Kind == StateKind.Generated)
            {
                StateValues.WriteNamed(values, entry);
            }
            else
            {
                StateValues.WritePositional(values, entry);
            }
        }
        catch (Exception failure)
        {
            entry.Fault($"reading a state of type {typeof(TState).FullName}", failure);
        }
    }
}
