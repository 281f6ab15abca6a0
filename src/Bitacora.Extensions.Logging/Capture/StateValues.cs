using System.Collections;
using Bitacora.Client;

namespace Bitacora.Extensions.Logging.Capture;

/// <summary>Writes template and values of states.</summary>
internal static class StateValues
{
    /// <summary>The name under which a state holds its template.</summary>
    public const string OriginalFormat = "{OriginalFormat}";

    /// <summary>What <c>LogInformation("…", values)</c> holds. Called by emitted code.</summary>
    public static void WriteFormatted(string template, object?[]? values, object? formatter, EntryWriter entry)
    {
        if (formatter is null || values is null)
        {
            entry.Template(template, TemplateStyle.Literal);
            return;
        }

        entry.Template(template, TemplateStyle.Positional);
        foreach (var value in values)
        {
            entry.Value(value);
        }
    }

    /// <summary>A state whose message is made already.</summary>
    public static void Write(object? state, string? message, EntryWriter entry)
    {
        WriteMessage(TemplateOf(state), message, entry);
        WriteNamedValues(state, entry);
    }

    /// <summary>Values that fill the template's holes in order; the template comes last.</summary>
    public static void WritePositional(IReadOnlyList<KeyValuePair<string, object?>> values, EntryWriter entry)
    {
        entry.Template(values[^1].Value as string ?? "", TemplateStyle.Positional);
        for (var i = 0; i < values.Count - 1; i++)
        {
            entry.Value(values[i].Value);
        }
    }

    /// <summary>Values that fill the holes of their names; the template comes last.</summary>
    public static void WriteNamed(IReadOnlyList<KeyValuePair<string, object?>> values, EntryWriter entry)
    {
        entry.Template(values[^1].Value as string ?? "", TemplateStyle.Named);
        WriteParameters(values, entry);
    }

    /// <summary>The same, where the message is made already.</summary>
    public static void WriteNamed(IReadOnlyList<KeyValuePair<string, object?>> values, string? message, EntryWriter entry)
    {
        WriteMessage(values[^1].Value as string, message, entry);
        WriteParameters(values, entry);
    }

    /// <summary>
    /// The name of a generated method's parameter. One that is a keyword (<c>@class</c>) keeps the sign that the language wants in front of
    /// it in the state, though not in the template; it is no part of the name.
    /// </summary>
    public static string ParameterName(string name) => name is ['@', _, ..] ? name[1..] : name;

    /// <summary>Whether a value is missing or a collection: how it is rendered depends on how it was declared.</summary>
    public static bool HasUnclear(IReadOnlyList<KeyValuePair<string, object?>> values)
    {
        for (var i = 0; i < values.Count; i++)
        {
            if (values[i].Value is null or (IEnumerable and not string))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The values of a state or a scope, of any shape that is in use. False: it has none.</summary>
    public static bool WriteNamedValues(object? state, EntryWriter entry)
    {
        switch (state)
        {
            case KeyValuePair<string, object?>[] array:
                TypedPairs.Write(array, entry);
                return true;
            case IEnumerable<KeyValuePair<string, object?>> pairs:
                TypedPairs.Write(pairs, entry);
                return true;
            case IEnumerable<KeyValuePair<string, string?>> pairs:
                TypedPairs.Write(pairs, entry);
                return true;
            case { } when TypedPairs.TryWrite(state, entry):
                return true;
            case IDictionary dictionary:
                return WriteDictionary(dictionary, entry);
            case (string name, var value):
                WriteNamedValue(name, value, entry);
                return true;
            default:
                return false;
        }
    }

    /// <summary>A value; the template is none.</summary>
    public static void WriteNamedValue<T>(string? name, T value, EntryWriter entry)
    {
        if (!string.IsNullOrEmpty(name) && name != OriginalFormat)
        {
            entry.Value(name, value);
        }
    }

    private static void WriteMessage(string? template, string? message, EntryWriter entry)
    {
        if (template is not null && string.Equals(template, message, StringComparison.Ordinal))
        {
            entry.Template(template, TemplateStyle.Literal);
            return;
        }

        if (template is not null)
        {
            entry.Template(template, TemplateStyle.Rendered);
        }

        entry.Message(message);
    }

    private static void WriteParameters(IReadOnlyList<KeyValuePair<string, object?>> values, EntryWriter entry)
    {
        for (var i = 0; i < values.Count - 1; i++)
        {
            entry.Value(ParameterName(values[i].Key), values[i].Value);
        }
    }

    /// <summary>A dictionary whose values are of any type. False: its keys are no names.</summary>
    private static bool WriteDictionary(IDictionary dictionary, EntryWriter entry)
    {
        var isNamed = dictionary.Count == 0;
        foreach (DictionaryEntry pair in dictionary)
        {
            if (pair.Key is string name)
            {
                WriteNamedValue(name, pair.Value, entry);
                isNamed = true;
            }
        }

        return isNamed;
    }

    /// <summary>The template, which stands last if it stands anywhere sensible.</summary>
    private static string? TemplateOf(object? state)
    {
        if (state is IReadOnlyList<KeyValuePair<string, object?>> list)
        {
            for (var i = list.Count - 1; i >= 0; i--)
            {
                if (list[i].Key == OriginalFormat)
                {
                    return list[i].Value as string;
                }
            }

            return null;
        }

        return state is IEnumerable<KeyValuePair<string, object?>> pairs
            ? pairs.FirstOrDefault(pair => pair.Key == OriginalFormat).Value as string
            : null;
    }
}
