using Bitacora.Benchmarks.Corpus;
using DuckDB.NET.Data;
using DuckDB.NET.Native;
using DuckDBAppender = DuckDB.NET.Native.DuckDBAppender;

namespace Bitacora.Benchmarks.Plain;

/// <summary>Appends rows through DuckDB's native data chunks, the fastest way in that it has.</summary>
internal sealed unsafe class PlainAppender : IDisposable
{
    private const int ChunkRows = 2_048;
    private const int CommitRows = 122_880;

    private static readonly DuckDBType[] Types =
    [
        DuckDBType.Timestamp, DuckDBType.Varchar, DuckDBType.Varchar, DuckDBType.Varchar, DuckDBType.Varchar, DuckDBType.Varchar,
        DuckDBType.Double, DuckDBType.Varchar, DuckDBType.Varchar,
    ];

    private readonly DuckDBConnection _connection;
    private readonly DuckDBDataChunk _chunk;
    private readonly nint[] _vectors = new nint[Types.Length];
    private DuckDBAppender _appender;
    private ulong _chunkRow;
    private int _uncommitted;

    public PlainAppender(DuckDBConnection connection)
    {
        _connection = connection;
        _appender = Open();
        var types = Types.Select(NativeMethods.LogicalType.DuckDBCreateLogicalType).ToArray();
        _chunk = NativeMethods.DataChunks.DuckDBCreateDataChunk([.. types.Select(t => t.DangerousGetHandle())], (ulong)types.Length);
        Array.ForEach(types, type => type.Dispose());
        FindVectors();
    }

    public void Append(CorpusRow row)
    {
        ((long*)NativeMethods.Vectors.DuckDBVectorGetData(_vectors[0]))[_chunkRow] = row.Time / 10;
        Text(1, row.Level);
        Text(2, row.Source);
        Text(3, row.Logger);
        Text(4, row.Host);
        Text(5, row.RequestId);
        if (double.IsNaN(row.DurationMs))
        {
            Null(6);
        }
        else
        {
            ((double*)NativeMethods.Vectors.DuckDBVectorGetData(_vectors[6]))[_chunkRow] = row.DurationMs;
        }

        Text(7, row.Message);
        Text(8, row.Traceback);
        if (++_chunkRow == ChunkRows)
        {
            Send();
        }
    }

    /// <summary>Commits what is still open.</summary>
    public void Dispose()
    {
        Send();
        Close();
        _chunk.Dispose();
    }

    private void Text(int column, TextBuffer text)
    {
        if (text.Length == 0)
        {
            Null(column);
            return;
        }

        fixed (byte* bytes = text.Span)
        {
            NativeMethods.Vectors.DuckDBUnsafeVectorAssignStringElementLength(_vectors[column], _chunkRow, bytes, text.Length);
        }
    }

    private void Null(int column)
    {
        NativeMethods.Vectors.DuckDBVectorEnsureValidityWritable(_vectors[column]);
        NativeMethods.ValidityMask.DuckDBValiditySetRowValidity(
            NativeMethods.Vectors.DuckDBVectorGetValidity(_vectors[column]), _chunkRow, false);
    }

    private void Send()
    {
        NativeMethods.DataChunks.DuckDBDataChunkSetSize(_chunk, _chunkRow);
        Check(NativeMethods.Appender.DuckDBAppendDataChunk(_appender, _chunk));
        NativeMethods.DataChunks.DuckDBDataChunkReset(_chunk);
        FindVectors();
        _uncommitted += (int)_chunkRow;
        _chunkRow = 0;
        if (_uncommitted >= CommitRows)
        {
            Close();
            _appender = Open();
        }
    }

    private void FindVectors()
    {
        for (var i = 0; i < _vectors.Length; i++)
        {
            _vectors[i] = NativeMethods.DataChunks.DuckDBDataChunkGetVector(_chunk, i);
        }
    }

    private DuckDBAppender Open()
    {
        Check(NativeMethods.Appender.DuckDBAppenderCreateExt(_connection.NativeConnection, "plain", "main", "logs", out var appender));
        _uncommitted = 0;
        return appender;
    }

    private void Close()
    {
        Check(NativeMethods.Appender.DuckDBAppenderClose(_appender));
        _appender.Dispose();
    }

    private static void Check(DuckDBState state)
    {
        if (state != DuckDBState.Success)
        {
            throw new InvalidOperationException("DuckDB refused the rows.");
        }
    }
}
