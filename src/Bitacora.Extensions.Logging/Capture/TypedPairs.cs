using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;
using Bitacora.Client;

namespace Bitacora.Extensions.Logging.Capture;

/// <summary>
/// Writes pairs of a name and a value whose type is known, without boxing the values: what a scope is that was not made of a template.
/// </summary>
internal static class TypedPairs
{
    private static readonly MethodInfo WriteAll = Method(nameof(WritePairs));
    private static readonly MethodInfo WriteOne = Method(nameof(WritePair));

    // A structure has no common interface with others of its kind: which type of value a scope has is found out once for its own type.
    private static readonly ConditionalWeakTable<Type, Action<object, EntryWriter>> Writers = [];

    /// <summary>Writes pairs of any type, or a single one. False: it is none.</summary>
    public static bool TryWrite(object scope, EntryWriter entry)
    {
        if (!RuntimeFeature.IsDynamicCodeSupported)
        {
            return false;
        }

        var write = Writers.GetValue(scope.GetType(), WriterOf);
        if (ReferenceEquals(write, Nothing))
        {
            return false;
        }

        write(scope, entry);
        return true;
    }

    /// <summary>Writes pairs; those of the framework's own collections without an enumerator on the heap.</summary>
    public static void Write<T>(IEnumerable<KeyValuePair<string, T>> pairs, EntryWriter entry)
    {
        switch (pairs)
        {
            case KeyValuePair<string, T>[] array:
                // An array is a list too, but through that interface each access costs as much as the value.
                foreach (var (name, value) in array)
                {
                    StateValues.WriteNamedValue(name, value, entry);
                }

                break;
            case IReadOnlyList<KeyValuePair<string, T>> list:
                for (var i = 0; i < list.Count; i++)
                {
                    var (name, value) = list[i];
                    StateValues.WriteNamedValue(name, value, entry);
                }

                break;
            case Dictionary<string, T> dictionary:
                foreach (var (name, value) in dictionary)
                {
                    StateValues.WriteNamedValue(name, value, entry);
                }

                break;
            default:
                foreach (var (name, value) in pairs)
                {
                    StateValues.WriteNamedValue(name, value, entry);
                }

                break;
        }
    }

    [UnconditionalSuppressMessage(
        "Trimming", "IL2070", Justification = "An interface that was trimmed is not found, and the scope is its own text.")]
    [UnconditionalSuppressMessage("Trimming", "IL2060", Justification = "The methods ask nothing of their type parameter.")]
    [UnconditionalSuppressMessage("AOT", "IL3050", Justification = "Only called where code can be made at run time.")]
    private static Action<object, EntryWriter> WriterOf(Type scope)
    {
        if (ValueOf(scope) is { } single)
        {
            return WriteOne.MakeGenericMethod(single).CreateDelegate<Action<object, EntryWriter>>();
        }

        var pairs = Array.Find(
            scope.GetInterfaces(),
            type => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IEnumerable<>)
                && ValueOf(type.GenericTypeArguments[0]) is not null);
        return pairs is null
            ? Nothing
            : WriteAll.MakeGenericMethod(ValueOf(pairs.GenericTypeArguments[0])!).CreateDelegate<Action<object, EntryWriter>>();
    }

    /// <summary>The type of the value of a pair; null where it is no pair of a name and a value.</summary>
    private static Type? ValueOf(Type pair) => pair.IsGenericType && pair.GetGenericTypeDefinition() == typeof(KeyValuePair<,>)
        && pair.GenericTypeArguments[0] == typeof(string) ? pair.GenericTypeArguments[1] : null;

    private static void WritePairs<T>(object scope, EntryWriter entry) => Write((IEnumerable<KeyValuePair<string, T>>)scope, entry);

    private static void WritePair<T>(object scope, EntryWriter entry)
    {
        var (name, value) = (KeyValuePair<string, T>)scope;
        StateValues.WriteNamedValue(name, value, entry);
    }

    private static Action<object, EntryWriter> Nothing { get; } = static (_, _) => { };

    private static MethodInfo Method(string name) => typeof(TypedPairs).GetMethod(name, BindingFlags.Static | BindingFlags.NonPublic)!;
}
