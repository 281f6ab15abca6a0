using Bitacora.Client;

namespace Bitacora.Extensions.Logging.Capture;

/// <summary>Writes scopes, of every shape that is in use.</summary>
internal static class ScopeReader
{
    /// <summary>One delegate for all calls.</summary>
    public static Action<object?, EntryWriter> Callback { get; } = Write;

    private static void Write(object? scope, EntryWriter entry)
    {
        try
        {
            switch (scope)
            {
                case null:
                    break;
                case string text:
                    entry.ScopeText(text);
                    break;
                case KeyValuePair<string, object?>[]:
                    entry.BeginScope();
                    StateValues.WriteNamedValues(scope, entry);
                    break;
                case IReadOnlyList<KeyValuePair<string, object?>> list:
                    WriteList(list, entry);
                    break;
                default:
                    entry.BeginScope();
                    if (!StateValues.WriteNamedValues(scope, entry))
                    {
                        entry.ScopeText(scope.ToString());
                    }

                    break;
            }
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            // The framework calls this within the application's log call: nothing may get out.
            entry.Fault($"a scope of type {scope?.GetType().FullName}", failure);
        }
    }

    private static void WriteList(IReadOnlyList<KeyValuePair<string, object?>> list, EntryWriter entry)
    {
        var count = list.Count;
        if (count == 1 && list[0].Key == StateValues.OriginalFormat)
        {
            entry.ScopeText(list.ToString());
            return;
        }

        entry.BeginScope();
        for (var i = 0; i < count; i++)
        {
            var (name, value) = list[i];
            StateValues.WriteNamedValue(name, value, entry);
        }
    }
}
