using System.Runtime.CompilerServices;
using Bitacora.Client;

namespace Bitacora.Extensions.Logging.Capture;

/// <summary>Writes scopes, of every shape that is in use.</summary>
internal static class ScopeReader
{
    private static readonly ConditionalWeakTable<Type, object> ConstantTypes = [];

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
                    WriteOrRepeat(list, entry);
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
        catch (Exception failure)
        {
            // The framework calls this within the application's log call: nothing may get out.
            entry.Fault($"a scope of type {scope?.GetType().FullName}", failure);
        }
    }

    private static void WriteOrRepeat(IReadOnlyList<KeyValuePair<string, object?>> list, EntryWriter entry)
    {
        if (entry.TryRepeatScope(list))
        {
            return;
        }

        var since = entry.Length;
        WriteList(list, entry);
        if (IsConstant(list))
        {
            entry.RememberScope(list, since);
        }
    }

    /// <summary>Whether nothing of it can ever change: the framework's own scopes, of values that cannot either.</summary>
    private static bool IsConstant(IReadOnlyList<KeyValuePair<string, object?>> list)
    {
        if (!(bool)ConstantTypes.GetValue(
            list.GetType(), static type => StateKinds.Of(type) is StateKind.Formatted or StateKind.Defined))
        {
            return false;
        }

        for (var i = 0; i < list.Count; i++)
        {
            if (list[i].Value is not (null or string or int or long or Guid))
            {
                return false;
            }
        }

        return true;
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
