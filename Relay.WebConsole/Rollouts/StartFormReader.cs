using System.Globalization;
using System.Text.Json;
using Shared.Contracts.Api;

namespace Relay.WebConsole.Rollouts;

/// <summary>Reads the form that starts a rollout. What a number means, the API checks: it says the same to all that ask it.</summary>
internal sealed class StartFormReader
{
    private const int SecondsPerMinute = 60;
    private const int SecondsPerHour = 3600;

    private readonly Dictionary<string, string> _errors = [];

    private StartFormReader()
    {
    }

    /// <returns>Null where a field cannot be read.</returns>
    /// <param name="form">As it was filled in.</param>
    /// <param name="errors">What is to correct, by field.</param>
    public static RolloutRequest? Read(StartForm form, out IReadOnlyDictionary<string, string> errors)
    {
        StartFormReader reader = new();
        RolloutRequest request = reader.Read(form);
        errors = reader._errors;
        return errors.Count == 0 ? request : null;
    }

    private RolloutRequest Read(StartForm form)
    {
        IReadOnlyList<ModelVersion>? models = VersionText.Parse(form.Models);
        if (models is null)
        {
            _errors["models"] = $"Expected {VersionText.Rule}.";
        }
        else if ((models.Count == 0) == (form.Release.Length == 0))
        {
            _errors["models"] = "Give either versions, or the number of a release.";
        }

        return new RolloutRequest
        {
            Channel = form.Channel,
            Models = models is { Count: > 0 } ? models : null,
            Release = (int?)ReadWhole("release", form.Release),
            SchemaChange = form.SchemaChange,
            Rule = ReadMetrics(form.Metrics) with
            {
                Stages = ReadStages(form),
                RoundSeconds = (int?)ReadWhole("roundSeconds", form.RoundSeconds),
                Alpha = ReadNumber("alpha", form.Alpha),
                Tolerated = (int?)ReadWhole("tolerated", form.Tolerated),
                MinNodes = (int?)ReadWhole("minNodes", form.MinNodes),
                Ramp = ReadRamp(form),
                Window = ReadWindow(form),
            },
        };
    }

    private RolloutStageView[]? ReadStages(StartForm form)
    {
        string[] parts = form.Stages.Split([',', ' ', ';', '%'], StringSplitOptions.RemoveEmptyEntries);
        int? min = ReadSeconds("minMinutes", form.MinMinutes, SecondsPerMinute);
        int? max = ReadSeconds("maxHours", form.MaxHours, SecondsPerHour);
        return parts.Length == 0 ? null : [.. parts.Select(part => new RolloutStageView(ReadNumber("stages", part) ?? 0, min, max))];
    }

    private RolloutRampView? ReadRamp(StartForm form)
    {
        string[] fields = [form.RampStart, form.RampFactor, form.RampMax];
        if (fields.All(field => field.Length == 0))
        {
            return null;
        }

        if (fields.Any(field => field.Length == 0))
        {
            _errors["rampStart"] = "Give all three numbers of a ramp, or none.";
            return null;
        }

        return new RolloutRampView(
            ReadNumber("rampStart", form.RampStart) ?? 0, ReadNumber("rampFactor", form.RampFactor) ?? 0, ReadNumber("rampMax", form.RampMax) ?? 0);
    }

    private RolloutWindowView? ReadWindow(StartForm form)
    {
        if (form.WindowFrom.Length == 0 && form.WindowTo.Length == 0)
        {
            return null;
        }

        if (TimeOnly.TryParse(form.WindowFrom, CultureInfo.InvariantCulture, out TimeOnly from)
            && TimeOnly.TryParse(form.WindowTo, CultureInfo.InvariantCulture, out TimeOnly to))
        {
            return new RolloutWindowView(from, to);
        }

        _errors["windowFrom"] = "Give both times, such as 22:00 and 04:00, or none.";
        return null;
    }

    private RolloutRuleView ReadMetrics(string json)
    {
        if (json.Length == 0)
        {
            return new();
        }

        try
        {
            return JsonSerializer.Deserialize(json, RelayApiJson.Default.RolloutRuleView) ?? new();
        }
        catch (JsonException e)
        {
            _errors["metrics"] = $"This is no rule: {e.Message}";
            return new();
        }
    }

    private int? ReadSeconds(string field, string text, int unit)
    {
        if (ReadNumber(field, text) is not { } number)
        {
            return null;
        }

        double seconds = number * unit;
        if (seconds is >= 0 and <= int.MaxValue)
        {
            return (int)seconds;
        }

        _errors[field] = "Expected a number from 0 on.";
        return null;
    }

    /// <summary>Null for nothing, which is the default of the relay.</summary>
    private double? ReadNumber(string field, string text)
    {
        if (text.Length == 0)
        {
            return null;
        }

        if (double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number))
        {
            return number;
        }

        _errors[field] = "Expected a number, such as 0.5.";
        return null;
    }

    private long? ReadWhole(string field, string text)
    {
        if (text.Length == 0)
        {
            return null;
        }

        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number))
        {
            return number;
        }

        _errors[field] = "Expected a whole number.";
        return null;
    }
}
