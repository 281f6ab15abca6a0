namespace Bitacora.Cli.Demo;

/// <summary>Decisions of the simulation, all from one seed.</summary>
internal sealed class Chance(int seed)
{
    private readonly Random _random = new(seed);

    /// <summary>From 0 up to 1.</summary>
    public double Next() => _random.NextDouble();

    /// <summary>From the first number up to the second, that not included.</summary>
    public int Between(int least, int end) => _random.Next(least, end);

    public bool Happens(double probability) => _random.NextDouble() < probability;

    /// <summary>One of these, all equally often.</summary>
    public T One<T>(IReadOnlyList<T> of) => of[_random.Next(of.Count)];

    /// <summary>One of these; the second comes half as often as the first, the third a third as often: Zipf's law.</summary>
    public T Zipf<T>(IReadOnlyList<T> of)
    {
        var sum = 0.0;
        for (var i = 1; i <= of.Count; i++)
        {
            sum += 1.0 / i;
        }

        var left = _random.NextDouble() * sum;
        for (var i = 0; i < of.Count; i++)
        {
            left -= 1.0 / (i + 1);
            if (left < 0)
            {
                return of[i];
            }
        }

        return of[^1];
    }

    /// <summary>How often something happens that happens so often on average: Poisson.</summary>
    public int Count(double mean)
    {
        var count = 0;
        for (var time = Wait(); time < mean; time += Wait())
        {
            count++;
        }

        return count;
    }

    /// <summary>A duration in milliseconds around this one: most are near, a few are many times as long. Microseconds are whole.</summary>
    public double Milliseconds(double median)
    {
        // A log-normal distribution by two uniform numbers.
        var normal = Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble());
        return Math.Round(median * Math.Exp(normal * 0.7), 3);
    }

    /// <summary>So many hexadecimal digits.</summary>
    public string Hex(int digits)
    {
        Span<char> text = stackalloc char[digits];
        _random.GetHexString(text, lowercase: true);
        return new string(text);
    }

    private double Wait() => -Math.Log(1 - _random.NextDouble());
}
