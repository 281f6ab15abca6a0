using System.Globalization;
using Bitacora.Client;
using Bitacora.Records;
using Serilog.Events;

namespace Bitacora.Serilog.Capture;

/// <summary>Writes events of Serilog as entries: the message as Serilog renders it, properties with their types.</summary>
internal static class EventWriter
{
    private const string SourceContext = "SourceContext";

    // Serilog's own limit is 10; what the application builds by hand may be deeper.
    private const int DepthLimit = 16;

    public static Level LevelOf(LogEventLevel level) => level switch
    {
        LogEventLevel.Verbose => Level.Trace,
        LogEventLevel.Debug => Level.Debug,
        LogEventLevel.Information => Level.Info,
        LogEventLevel.Warning => Level.Warning,
        LogEventLevel.Error => Level.Error,
        _ => Level.Critical,
    };

    /// <summary>The category: what <c>Log.ForContext&lt;T&gt;()</c> sets.</summary>
    public static string? CategoryOf(LogEvent logEvent) =>
        logEvent.Properties.TryGetValue(SourceContext, out var property) && property is ScalarValue { Value: string category }
            ? category
            : null;

    public static void Write(LogEvent logEvent, EntryWriter entry)
    {
        entry.Template(logEvent.MessageTemplate.Text, TemplateStyle.Rendered);
        try
        {
            entry.Message(MessageText.Render(logEvent));
        }
        catch (Exception failure)
        {
            entry.Message(logEvent.MessageTemplate.Text);
            entry.Fault("rendering the message", failure);
        }

        foreach (var (name, value) in logEvent.Properties)
        {
            if (name != SourceContext || value is not ScalarValue { Value: string })
            {
                WriteProperty(name, value, entry, DepthLimit);
            }
        }

        if (logEvent.TraceId is { } trace)
        {
            entry.Trace(trace.ToHexString(), logEvent.SpanId?.ToHexString());
        }

        if (logEvent.Exception is { } exception)
        {
            entry.Exception(exception);
        }
    }

    /// <summary>Structures and dictionaries are flattened with dots; what lies too deep, and sequences of such, are JSON.</summary>
    private static void WriteProperty(string name, LogEventPropertyValue value, EntryWriter entry, int depth)
    {
        switch (value)
        {
            case ScalarValue scalar:
                entry.Value(name, scalar.Value);
                break;
            case StructureValue structure when depth > 0:
                foreach (var property in structure.Properties)
                {
                    WriteProperty($"{name}.{property.Name}", property.Value, entry, depth - 1);
                }

                break;
            case DictionaryValue dictionary when depth > 0:
                foreach (var (key, element) in dictionary.Elements)
                {
                    WriteProperty(string.Create(CultureInfo.InvariantCulture, $"{name}.{key.Value}"), element, entry, depth - 1);
                }

                break;
            case SequenceValue sequence when sequence.Elements.All(element => element is ScalarValue):
                entry.Value(name, sequence.Elements.Select(element => ((ScalarValue)element).Value));
                break;
            default:
                entry.Value(name, PropertyJson.Of(value));
                break;
        }
    }
}
