using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Reflection.Emit;
using Bitacora.Client;

namespace Bitacora.Extensions.Logging.Capture;

/// <summary>
/// Emits, once for each type of state, the method that reads its fields without boxing them: the framework's types are not public, and
/// their interface gives values as objects.
/// </summary>
internal static class StateReaderEmitter
{
    private const BindingFlags Fields = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    private static readonly MethodInfo Template = Method(nameof(EntryWriter.Template), 0, 2);
    private static readonly MethodInfo Value = Method(nameof(EntryWriter.Value), 1, 1);
    private static readonly MethodInfo OptionalValue = Method(nameof(EntryWriter.OptionalValue), 1, 1);
    private static readonly MethodInfo NamedValue = Method(nameof(EntryWriter.Value), 1, 2);
    private static readonly MethodInfo OptionalNamedValue = Method(nameof(EntryWriter.OptionalValue), 1, 2);
    private static readonly MethodInfo OwnText = Method(nameof(EntryWriter.OwnText), 1, 2);
    private static readonly MethodInfo WriteFormatted = typeof(StateValues).GetMethod(nameof(StateValues.WriteFormatted))!;
    private static readonly MethodInfo WriteCollection = typeof(StateReaderEmitter).GetMethod(nameof(WriteCollectionValue))!;

    /// <summary>The method, or null where the type is not as expected: then it is read through its interface.</summary>
    [UnconditionalSuppressMessage(
        "Trimming", "IL2090", Justification = "Fields that were trimmed are not found, and the state is read through its interface.")]
    [RequiresDynamicCode("Emits a method.")]
    public static Action<TState, EntryWriter>? TryEmit<TState>(StateKind kind)
    {
        if (kind == StateKind.Other)
        {
            return null;
        }

        try
        {
            var fields = typeof(TState).GetFields(Fields).OrderBy(field => field.MetadataToken).ToArray();
            var method = new DynamicMethod(
                "Read", typeof(void), [typeof(TState), typeof(EntryWriter)], typeof(TState).Module, skipVisibility: true);
            var code = method.GetILGenerator();
            var isEmitted = kind switch
            {
                StateKind.Formatted => TryEmitFormatted(fields, code),
                StateKind.Defined => TryEmitDefined(fields, typeof(TState).GenericTypeArguments.Length, code),
                _ => TryEmitGenerated(
                    fields, DeclaredTypes(typeof(TState)), default(TState) as IReadOnlyList<KeyValuePair<string, object?>>, code),
            };
            code.Emit(OpCodes.Ret);
            return isEmitted ? method.CreateDelegate<Action<TState, EntryWriter>>() : null;
        }
        catch (Exception)
        {
            // Another version of the framework, or an environment that forbids it: the plain way is always right.
            return null;
        }
    }

    /// <summary>A collection of a generated structure: a missing one is not written as other missing values are.</summary>
    public static void WriteCollectionValue(string name, IEnumerable? value, EntryWriter entry)
    {
        if (value is null)
        {
            entry.MissingCollection(name);
        }
        else
        {
            entry.Value<object>(name, value);
        }
    }

    private static bool TryEmitFormatted(FieldInfo[] fields, ILGenerator code)
    {
        var template = Find(fields, "_originalMessage", typeof(string));
        var values = Find(fields, "_values", typeof(object[]));
        var formatter = Array.Find(fields, field => field.Name == "_formatter");
        if (template is null || values is null || formatter is null)
        {
            return false;
        }

        foreach (var field in (FieldInfo[])[template, values, formatter])
        {
            Load(field, code);
        }

        code.Emit(OpCodes.Ldarg_1);
        code.Emit(OpCodes.Call, WriteFormatted);
        return true;
    }

    [UnconditionalSuppressMessage(
        "Trimming", "IL2075", Justification = "A property that was trimmed is not found, and the state is read through its interface.")]
    [RequiresDynamicCode("Emits a method.")]
    private static bool TryEmitDefined(FieldInfo[] fields, int count, ILGenerator code)
    {
        var formatter = Array.Find(fields, field => field.Name == "_formatter");
        var template = formatter?.FieldType.GetProperty("OriginalFormat", Fields)?.GetMethod;
        var values = Enumerable.Range(0, count)
            .Select(i => Array.Find(fields, field => field.Name == $"_value{i}")).ToArray();
        if (formatter is null || template is null || Array.Exists(values, field => field is null))
        {
            return false;
        }

        code.Emit(OpCodes.Ldarg_1);
        Load(formatter, code);
        code.Emit(OpCodes.Callvirt, template);
        code.Emit(OpCodes.Ldc_I4, (int)(count == 0 ? TemplateStyle.Literal : TemplateStyle.Positional));
        code.Emit(OpCodes.Call, Template);
        foreach (var field in values)
        {
            code.Emit(OpCodes.Ldarg_1);
            Load(field!, code);
            code.Emit(OpCodes.Call, WriterOf(field!.FieldType, Value, OptionalValue));
        }

        return true;
    }

    [RequiresDynamicCode("Emits a method.")]
    private static bool TryEmitGenerated(
        FieldInfo[] fields, Type[] declared, IReadOnlyList<KeyValuePair<string, object?>>? names, ILGenerator code)
    {
        if (names is null || names.Count != fields.Length + 1 || names[^1].Value is not string template)
        {
            return false;
        }

        code.Emit(OpCodes.Ldarg_1);
        code.Emit(OpCodes.Ldstr, template);
        code.Emit(OpCodes.Ldc_I4, (int)TemplateStyle.Named);
        code.Emit(OpCodes.Call, Template);
        foreach (var (i, field) in fields.Index())
        {
            var name = StateValues.ParameterName(names[i].Key);
            if (!name.AsSpan().Equals(field.Name.AsSpan().TrimStart('_'), StringComparison.OrdinalIgnoreCase))
            {
                return false;
            }

            var isEnumerable = declared[i].IsAssignableTo(typeof(IEnumerable));
            if (isEnumerable && declared[i].IsGenericParameter)
            {
                // Whether the generator enumerates it depends on its constraints.
                return false;
            }

            if (isEnumerable && !declared[i].IsValueType && declared[i] != typeof(string))
            {
                code.Emit(OpCodes.Ldstr, name);
                Load(field, code);
                code.Emit(OpCodes.Ldarg_1);
                code.Emit(OpCodes.Call, WriteCollection);
            }
            else
            {
                code.Emit(OpCodes.Ldarg_1);
                code.Emit(OpCodes.Ldstr, name);
                Load(field, code);
                code.Emit(OpCodes.Call, MayBeCollection(field.FieldType)
                    ? Of(OwnText, field.FieldType)
                    : WriterOf(field.FieldType, NamedValue, OptionalNamedValue));
            }
        }

        return true;
    }

    /// <summary>The types of the fields as they are written down: of a generic type, its parameters and not what they stand for.</summary>
    [UnconditionalSuppressMessage(
        "Trimming", "IL2070", Justification = "Fields that were trimmed are not found, and the state is read through its interface.")]
    [UnconditionalSuppressMessage(
        "Trimming", "IL2075", Justification = "Fields that were trimmed are not found, and the state is read through its interface.")]
    private static Type[] DeclaredTypes(Type state) =>
    [
        .. (state.IsGenericType ? state.GetGenericTypeDefinition() : state).GetFields(Fields)
            .OrderBy(field => field.MetadataToken).Select(field => field.FieldType),
    ];

    /// <summary>
    /// Whether a value of a type that the generator does not enumerate (no reference to an <see cref="IEnumerable"/>) can be a collection.
    /// </summary>
    private static bool MayBeCollection(Type type) => type.IsValueType
        ? (Nullable.GetUnderlyingType(type) ?? type).IsAssignableTo(typeof(IEnumerable))
        : type != typeof(string);

    private static void Load(FieldInfo field, ILGenerator code)
    {
        code.Emit(OpCodes.Ldarga_S, (byte)0);
        code.Emit(OpCodes.Ldfld, field);
    }

    private static FieldInfo? Find(FieldInfo[] fields, string name, Type type) =>
        Array.Find(fields, field => field.Name == name && field.FieldType == type);

    [RequiresDynamicCode("Makes generic methods.")]
    private static MethodInfo WriterOf(Type type, MethodInfo plain, MethodInfo optional) =>
        Nullable.GetUnderlyingType(type) is { } underlying ? Of(optional, underlying) : Of(plain, type);

    [UnconditionalSuppressMessage("Trimming", "IL2060", Justification = "The writer's methods ask nothing of their type parameter.")]
    [RequiresDynamicCode("Makes generic methods.")]
    private static MethodInfo Of(MethodInfo method, Type type) => method.MakeGenericMethod(type);

    private static MethodInfo Method(string name, int typeParameters, int parameters) => typeof(EntryWriter).GetMethods().Single(method =>
        method.Name == name && method.GetGenericArguments().Length == typeParameters && method.GetParameters().Length == parameters);
}
