namespace Bitacora.Server.Pages;

/// <summary>The page's words in one language. What the query language says of a query is in English.</summary>
internal sealed record PageTexts
{
    public static PageTexts English { get; } = new()
    {
        Language = "en",
        Search = "Search",
        Query = "Query",
        QueryHint = "level>=ERROR connection",
        Range = "Range",
        FromTo = "from – to",
        From = "From",
        To = "To",
        Zone = "Time zone",
        Rows = "Rows",
        Last = [("15m", "last 15 minutes"), ("1h", "last hour"), ("6h", "last 6 hours"), ("24h", "last 24 hours"), ("7d", "last 7 days"),
            ("30d", "last 30 days"), ("365d", "last year")],
        Time = "Time",
        Level = "Level",
        Source = "Source",
        Message = "Message",
        Traceback = "Traceback",
        Fields = "Fields",
        WholeMessage = "whole message",
        Cut = "cut here; the API gives all of it",
        Newer = "← Newer",
        Older = "Older →",
        Nothing = "Nothing found.",
        Partial = "This answer is partial:",
        PerhapsYouMean = "Perhaps you mean",
        ShowOlder = "Show the newest older ones",
        Shown = "records from",
        Groups = "groups from",
        Until = "to",
        Try = "For example",
        Missing = "none",
        Approximate = "approximate",
        Busy = "The search could not run:",
        ZoneError = "This time zone is not known. Write it as Europe/Madrid, UTC or +02:00.",
        WrongParameter = "This address has a parameter that is not known, or has it twice: {0}. There are {1}.",
    };

    public static PageTexts Spanish { get; } = new()
    {
        Language = "es",
        Search = "Buscar",
        Query = "Consulta",
        QueryHint = "level>=ERROR conexión",
        Range = "Intervalo",
        FromTo = "desde – hasta",
        From = "Desde",
        To = "Hasta",
        Zone = "Zona horaria",
        Rows = "Filas",
        Last = [("15m", "últimos 15 minutos"), ("1h", "última hora"), ("6h", "últimas 6 horas"), ("24h", "últimas 24 horas"),
            ("7d", "últimos 7 días"), ("30d", "últimos 30 días"), ("365d", "último año")],
        Time = "Hora",
        Level = "Nivel",
        Source = "Origen",
        Message = "Mensaje",
        Traceback = "Traza",
        Fields = "Campos",
        WholeMessage = "mensaje completo",
        Cut = "cortado aquí; la API lo da entero",
        Newer = "← Más recientes",
        Older = "Más antiguos →",
        Nothing = "No se encontró nada.",
        Partial = "Esta respuesta es parcial:",
        PerhapsYouMean = "Quizá quiere decir",
        ShowOlder = "Mostrar los más recientes de antes",
        Shown = "registros desde",
        Groups = "grupos desde",
        Until = "hasta",
        Try = "Por ejemplo",
        Missing = "ninguno",
        Approximate = "aproximado",
        Busy = "No se pudo buscar:",
        ZoneError = "No se conoce esta zona horaria. Escríbala como Europe/Madrid, UTC o +02:00.",
        WrongParameter = "Esta dirección tiene un parámetro desconocido o repetido: {0}. Existen {1}.",
    };

    public required string Language { get; init; }
    public required string Search { get; init; }
    public required string Query { get; init; }
    public required string QueryHint { get; init; }
    public required string Range { get; init; }
    public required string FromTo { get; init; }
    public required string From { get; init; }
    public required string To { get; init; }
    public required string Zone { get; init; }
    public required string Rows { get; init; }
    public required IReadOnlyList<(string Value, string Text)> Last { get; init; }
    public required string Time { get; init; }
    public required string Level { get; init; }
    public required string Source { get; init; }
    public required string Message { get; init; }
    public required string Traceback { get; init; }
    public required string Fields { get; init; }
    public required string WholeMessage { get; init; }
    public required string Cut { get; init; }
    public required string Newer { get; init; }
    public required string Older { get; init; }
    public required string Nothing { get; init; }
    public required string Partial { get; init; }
    public required string PerhapsYouMean { get; init; }
    public required string ShowOlder { get; init; }
    public required string Shown { get; init; }
    public required string Groups { get; init; }
    public required string Until { get; init; }
    public required string Try { get; init; }
    public required string Missing { get; init; }
    public required string Approximate { get; init; }
    public required string Busy { get; init; }
    public required string ZoneError { get; init; }

    /// <summary>{0} is the parameter's name, {1} lists those that there are.</summary>
    public required string WrongParameter { get; init; }

    /// <summary>The language that a browser prefers of the two; English where it names neither.</summary>
    public static PageTexts For(string? acceptLanguage)
    {
        double english = 0, spanish = 0;
        foreach (var part in (acceptLanguage ?? "").Split(',', 32, StringSplitOptions.TrimEntries))
        {
            var tag = part.Split(';')[0].Trim();
            var weight = part.Split("q=") is [_, var q] &&
                double.TryParse(q, System.Globalization.CultureInfo.InvariantCulture, out var given) ? given : 1;
            if (tag.StartsWith("es", StringComparison.OrdinalIgnoreCase))
            {
                spanish = Math.Max(spanish, weight);
            }
            else if (tag.StartsWith("en", StringComparison.OrdinalIgnoreCase))
            {
                english = Math.Max(english, weight);
            }
        }

        return spanish > english ? Spanish : English;
    }
}
