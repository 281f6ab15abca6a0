namespace Bitacora.Cql;

/// <summary>The type of a column or of a marker: its code, and of collections and tuples the types within.</summary>
public sealed class CqlType
{
    private CqlType(CqlTypeCode code, string name, IReadOnlyList<CqlType> arguments)
    {
        Code = code;
        Name = name;
        Arguments = arguments;
    }

    /// <summary>What kind of type it is.</summary>
    public CqlTypeCode Code { get; }

    /// <summary>
    /// As CQL writes it: <c>map&lt;text, int&gt;</c>; the class name of a custom type; keyspace and name of a user-defined one.
    /// </summary>
    public string Name { get; }

    /// <summary>
    /// The element's type of a list or set, key and value of a map, the fields of a tuple or user-defined type; else empty.
    /// </summary>
    public IReadOnlyList<CqlType> Arguments { get; }

    /// <inheritdoc/>
    public override string ToString() => Name;

    internal static CqlType Simple(CqlTypeCode code) => SimpleTypes.GetOrMake(code);

    internal static CqlType Custom(string className) => new(CqlTypeCode.Custom, className, []);

    internal static CqlType UserDefined(string name, CqlType[] fields) => new(CqlTypeCode.UserDefined, name, fields);

    internal static CqlType Of(CqlTypeCode code, params CqlType[] arguments) =>
        new(code, $"{Word(code)}<{string.Join(", ", arguments.Select(argument => argument.Name))}>", arguments);

    internal bool IsCollection => Code is CqlTypeCode.List or CqlTypeCode.Set or CqlTypeCode.Map;

    // CQL writes the names of types as the enumeration does, in lower case.
    private static string Word(CqlTypeCode code) => code.ToString().ToLowerInvariant();

    private static class SimpleTypes
    {
        private static readonly CqlType[] Made = [.. Enumerable.Range(0, (int)CqlTypeCode.Tuple + 1)
            .Select(code => new CqlType((CqlTypeCode)code, Word((CqlTypeCode)code), []))];

        public static CqlType GetOrMake(CqlTypeCode code) => Made[(int)code];
    }
}
