using System.Globalization;

namespace Relay.Cards.Plots;

/// <summary>A range of values and where they stand in a picture.</summary>
internal sealed record PlotAxis(string Label, double Low, double High)
{
    private const int MaxTicks = 6;

    /// <summary>Whether equal distances are equal factors; the ends are then logarithms to the base of ten.</summary>
    public bool IsLogarithmic { get; init; }

    /// <summary>From 0 to 1.</summary>
    public static PlotAxis Share(string label) => new(label, 0, 1);

    /// <summary>A range that holds all values, and is wider than nothing.</summary>
    public static PlotAxis Around(string label, IEnumerable<double> values)
    {
        double[] all = [.. values.Where(double.IsFinite)];
        (double low, double high) = all.Length == 0 ? (0, 1) : (all.Min(), all.Max());
        double margin = high > low ? (high - low) / 50 : Math.Max(1, Math.Abs(high)) / 10;
        return new PlotAxis(label, low - margin, high + margin);
    }

    /// <summary>As <see cref="Around"/> for values above 0, some of which are many times others.</summary>
    public static PlotAxis AroundFactors(string label, IEnumerable<double> values) =>
        Around(label, values.Select(Math.Log10)) with { IsLogarithmic = true };

    /// <summary>Round numbers in the range.</summary>
    public IEnumerable<double> Ticks()
    {
        if (IsLogarithmic)
        {
            double[] factors = High - Low > 2 ? [1] : [1, 2, 5];
            foreach (double tick in from exponent in Enumerable.Range((int)Math.Floor(Low), (int)Math.Ceiling(High) - (int)Math.Floor(Low) + 1)
                                    from factor in factors
                                    select factor * Math.Pow(10, exponent))
            {
                if (Math.Log10(tick) >= Low && Math.Log10(tick) <= High)
                {
                    yield return tick;
                }
            }

            yield break;
        }

        double step = Math.Pow(10, Math.Floor(Math.Log10((High - Low) / MaxTicks)));
        step *= new[] { 1, 2, 5, 10 }.First(factor => (High - Low) / (step * factor) <= MaxTicks);
        for (double k = Math.Ceiling((Low / step) - 1e-9); k * step <= High + (step * 1e-9); k++)
        {
            // Adding zero makes a zero of minus zero, which would be shown.
            yield return (k * step) + 0.0;
        }
    }

    public static string Text(double tick) => Math.Abs(tick) is >= 1e6 or (> 0 and < 1e-4)
        ? tick.ToString("0.##e0", CultureInfo.InvariantCulture)
        : Math.Round(tick, 10).ToString("#,0.####", CultureInfo.InvariantCulture);

    /// <summary>The place of a value between two ends of the picture.</summary>
    public double Place(double value, double from, double to) =>
        from + ((Math.Clamp(IsLogarithmic ? Math.Log10(value) : value, Low, High) - Low) / (High - Low) * (to - from));
}
