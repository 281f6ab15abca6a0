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
        var template = TemplateOf(state);
        if (template is not null && string.Equals(template, message, StringComparison.Ordinal))
        {
            entry.Template(template, TemplateStyle.Literal);
        }
        else
        {
            if (template is not null)
            {
                entry.Template(template, TemplateStyle.Rendered);
            }

            entry.Message(message);
        }

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
        for (var i = 0; i < values.Count - 1; i++)
        {
            entry.Value(values[i].Key, values[i].Value);
        }
    }

    /// <summary>Whether a value is missing.</summary>
    public static bool LacksOne(IReadOnlyList<KeyValuePair<string, object?>> values)
    {
        for (var i = 0; i < values.Count; i++)
        {
            if (values[i].Value is null)
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
                // An array is a list too, but through that interface each access costs as much as the value.
                foreach (var (name, value) in array)
                {
                    WriteNamedValue(name, value, entry);
                }

                return true;
            case IReadOnlyList<KeyValuePair<string, object?>> list:
                for (var i = 0; i < list.Count; i++)
                {
                    var (name, value) = list[i];
                    WriteNamedValue(name, value, entry);
                }

                return true;
            case Dictionary<string, object?> dictionary:
                foreach (var (name, value) in dictionary)
                {
                    WriteNamedValue(name, value, entry);
                }

                return true;
            case IEnumerable<KeyValuePair<string, object?>> pairs:
                foreach (var (name, value) in pairs)
                {
                    WriteNamedValue(name, value, entry);
                }

                return true;
            case IEnumerable<KeyValuePair<string, string?>> pairs:
                foreach (var (name, value) in pairs)
                {
                    WriteNamedValue(name, value, entry);
                }

                return true;
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
