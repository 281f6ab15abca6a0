using System.Text;

namespace Bitacora.Ingestion.Pickle;

/// <summary>The attributes that every record of Python's <c>logging</c> has.</summary>
internal struct PythonRecordItems
{
    public PickleValue Created { get; private set; }

    public PickleValue LevelNumber { get; private set; }

    public PickleValue LevelName { get; private set; }

    public PickleValue Name { get; private set; }

    /// <summary>The message, its arguments filled in by the handler.</summary>
    public PickleValue Message { get; private set; }

    /// <summary>The same, left behind by another handler.</summary>
    public PickleValue FormattedMessage { get; private set; }

    public PickleValue ExceptionText { get; private set; }

    public PickleValue StackInfo { get; private set; }

    public PickleValue Process { get; private set; }

    public PickleValue ProcessName { get; private set; }

    public PickleValue Thread { get; private set; }

    public PickleValue ThreadName { get; private set; }

    public PickleValue TaskName { get; private set; }

    public PickleValue Module { get; private set; }

    public PickleValue PathName { get; private set; }

    public PickleValue LineNumber { get; private set; }

    public PickleValue FunctionName { get; private set; }

    /// <summary>Takes an attribute of these, or one that says nothing which they do not say; false for what the program added.</summary>
    public bool TryTake(ReadOnlySpan<byte> name, PickleValue value)
    {
        // Names of attributes are short.
        Span<char> letters = stackalloc char[16];
        if (name.Length > letters.Length || !Ascii.IsValid(name))
        {
            return false;
        }

        Encoding.ASCII.GetChars(name, letters);
        switch (letters[..name.Length])
        {
            case "created":
                Created = value;
                return true;
            case "levelno":
                LevelNumber = value;
                return true;
            case "levelname":
                LevelName = value;
                return true;
            case "name":
                Name = value;
                return true;
            case "msg":
                Message = value;
                return true;
            case "message":
                FormattedMessage = value;
                return true;
            case "exc_text":
                ExceptionText = value;
                return true;
            case "stack_info":
                StackInfo = value;
                return true;
            case "process":
                Process = value;
                return true;
            case "processName":
                ProcessName = value;
                return true;
            case "thread":
                Thread = value;
                return true;
            case "threadName":
                ThreadName = value;
                return true;
            case "taskName":
                TaskName = value;
                return true;
            case "module":
                Module = value;
                return true;
            case "pathname":
                PathName = value;
                return true;
            case "lineno":
                LineNumber = value;
                return true;
            case "funcName":
                FunctionName = value;
                return true;

            // Parts of the path, of the time and of its text, and the time since the program began.
            case "filename" or "msecs" or "asctime" or "relativeCreated":
                return true;
            default:
                return false;
        }
    }
}
