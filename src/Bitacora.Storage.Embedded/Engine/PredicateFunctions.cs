using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Bitacora.Query;
using DuckDB.NET.Native;

namespace Bitacora.Storage.Embedded.Engine;

/// <summary>
/// SQL functions that call the query language's own code, for what SQL cannot say exactly: regular expressions as .NET means them, our
/// fold, numbers in texts, buckets of percentiles. A null value gives null, as DuckDB does by itself.
/// </summary>
internal static unsafe class PredicateFunctions
{
    /// <summary><c>(slot, value)</c>: a text.</summary>
    public const string Text = "bitacora_matches_text";

    /// <summary><c>(slot, value)</c>: a double.</summary>
    public const string Number = "bitacora_matches_number";

    /// <summary><c>(slot, value, types, position)</c>: an attribute, whose type is the letter at the position (from 1).</summary>
    public const string Attribute = "bitacora_matches_attribute";

    /// <summary><c>(value)</c>: the bucket of a number for percentiles.</summary>
    public const string Bucket = "bitacora_bucket";

    /// <summary>Stands for NaN beside the buckets, none of which it is.</summary>
    public const int NaNBucket = int.MaxValue;

    public static void Register(EngineConnection connection)
    {
        Register(connection, Bucket, &BucketOf, [DuckDBType.Double], DuckDBType.Integer);
        Register(connection, Text, &MatchText, [DuckDBType.Integer, DuckDBType.Varchar]);
        Register(connection, Number, &MatchNumber, [DuckDBType.Integer, DuckDBType.Double]);
        Register(connection, Attribute, &MatchAttribute, [DuckDBType.Integer, DuckDBType.Varchar, DuckDBType.Varchar, DuckDBType.Integer]);
    }

    private static void Register(
        EngineConnection connection,
        string name,
        delegate* unmanaged[Cdecl]<nint, nint, nint, void> callback,
        ReadOnlySpan<DuckDBType> parameters,
        DuckDBType returns = DuckDBType.Boolean)
    {
        var function = NativeMethods.ScalarFunction.DuckDBCreateScalarFunction();
        NativeMethods.ScalarFunction.DuckDBScalarFunctionSetName(function, name);
        foreach (var parameter in parameters)
        {
            using var type = NativeMethods.LogicalType.DuckDBCreateLogicalType(parameter);
            NativeMethods.ScalarFunction.DuckDBScalarFunctionAddParameter(function, type);
        }

        using (var type = NativeMethods.LogicalType.DuckDBCreateLogicalType(returns))
        {
            NativeMethods.ScalarFunction.DuckDBScalarFunctionSetReturnType(function, type);
        }

        NativeMethods.ScalarFunction.DuckDBScalarFunctionSetFunction(function, callback);
        var state = NativeMethods.ScalarFunction.DuckDBRegisterScalarFunction(connection.Handle, function);
        NativeMethods.ScalarFunction.DuckDBDestroyScalarFunction(ref function);
        if (state != DuckDBState.Success)
        {
            throw new EngineException("registering " + name, "no reason given");
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void MatchText(nint info, nint input, nint output)
    {
        try
        {
            var rows = (int)DataChunk.Size(input);
            if (rows == 0)
            {
                return;
            }

            var predicate = PredicateSlots.Get(Argument(input, 0).Int32(0));
            var values = Argument(input, 1);
            var results = (byte*)NativeMethods.Vectors.DuckDBVectorGetData(output);
            for (var i = 0; i < rows; i++)
            {
                results[i] = !values.IsNull(i) && predicate.Matches(values.Utf8(i)) ? (byte)1 : (byte)0;
            }
        }
        catch (Exception error)
        {
            // An exception must not cross into native code: it becomes the statement's error.
            NativeMethods.ScalarFunction.DuckDBScalarFunctionSetError(info, error.Message);
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void MatchNumber(nint info, nint input, nint output)
    {
        try
        {
            var rows = (int)DataChunk.Size(input);
            if (rows == 0)
            {
                return;
            }

            var predicate = PredicateSlots.Get(Argument(input, 0).Int32(0));
            var values = Argument(input, 1);
            var results = (byte*)NativeMethods.Vectors.DuckDBVectorGetData(output);
            for (var i = 0; i < rows; i++)
            {
                results[i] = !values.IsNull(i) && predicate.Matches(values.Double(i)) ? (byte)1 : (byte)0;
            }
        }
        catch (Exception error)
        {
            NativeMethods.ScalarFunction.DuckDBScalarFunctionSetError(info, error.Message);
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void MatchAttribute(nint info, nint input, nint output)
    {
        try
        {
            var rows = (int)DataChunk.Size(input);
            if (rows == 0)
            {
                return;
            }

            var predicate = PredicateSlots.Get(Argument(input, 0).Int32(0));
            var values = Argument(input, 1);
            var types = Argument(input, 2);
            var positions = Argument(input, 3);
            var results = (byte*)NativeMethods.Vectors.DuckDBVectorGetData(output);
            for (var i = 0; i < rows; i++)
            {
                results[i] = !values.IsNull(i) && !types.IsNull(i) && !positions.IsNull(i)
                    && AttributeMatcher.Matches(predicate, values.Utf8(i), AttributeTypeCode.Parse(types.Utf8(i)[positions.Int32(i) - 1]))
                    ? (byte)1
                    : (byte)0;
            }
        }
        catch (Exception error)
        {
            NativeMethods.ScalarFunction.DuckDBScalarFunctionSetError(info, error.Message);
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void BucketOf(nint info, nint input, nint output)
    {
        var rows = (int)DataChunk.Size(input);
        var values = Argument(input, 0);
        var results = (int*)NativeMethods.Vectors.DuckDBVectorGetData(output);
        for (var i = 0; i < rows; i++)
        {
            results[i] = values.IsNull(i) ? NaNBucket : PercentileBuckets.BucketOf(values.Double(i));
        }
    }

    private static ResultVector Argument(nint chunk, ulong index) => new(DataChunk.Vector(chunk, index));
}
