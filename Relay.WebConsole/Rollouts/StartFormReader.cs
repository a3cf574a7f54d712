using System.Globalization;
using System.Text.Json;
using Relay.WebConsole.Forms;
using Shared.Contracts.Api;

namespace Relay.WebConsole.Rollouts;

/// <summary>Reads the form that starts a rollout. What a number means, the API checks: it says the same to all that ask it.</summary>
internal sealed class StartFormReader
{
    private const int SecondsPerMinute = 60;
    private const int SecondsPerHour = 3600;

    private readonly Dictionary<string, string> _errors = [];

    private readonly FilledForm _form;

    private StartFormReader(FilledForm form) => _form = form;

    /// <returns>Null where a field cannot be read.</returns>
    /// <param name="form">As it was filled in.</param>
    /// <param name="errors">What is to correct, by field.</param>
    public static RolloutRequest? Read(FilledForm form, out IReadOnlyDictionary<string, string> errors)
    {
        StartFormReader reader = new(form);
        RolloutRequest request = reader.Read();
        errors = reader._errors;
        return errors.Count == 0 ? request : null;
    }

    private RolloutRequest Read()
    {
        IReadOnlyList<ModelVersion>? models = VersionText.Parse(Text(StartFields.Models));
        if (models is null)
        {
            _errors["models"] = $"Expected {VersionText.Rule}.";
        }
        else if ((models.Count == 0) == (Text(StartFields.Release).Length == 0))
        {
            _errors["models"] = "Give either versions, or the number of a release.";
        }

        return new RolloutRequest
        {
            Channel = Text(StartFields.Channel),
            Models = models is { Count: > 0 } ? models : null,
            Release = ReadWhole(StartFields.Release),
            SchemaChange = _form.IsTicked(SchemaChangeBox.Field),
            Rule = ReadMetrics(Text("metrics")) with
            {
                Stages = ReadStages(),
                RoundSeconds = ReadWhole("roundSeconds"),
                Alpha = ReadNumber("alpha"),
                Tolerated = ReadWhole("tolerated"),
                MinNodes = ReadWhole("minNodes"),
                Ramp = ReadRamp(),
                Window = ReadWindow(),
            },
        };
    }

    private RolloutStageView[]? ReadStages()
    {
        string[] parts = Text("stages").Split([',', ' ', ';', '%'], StringSplitOptions.RemoveEmptyEntries);
        int? min = ReadSeconds("minMinutes", SecondsPerMinute);
        int? max = ReadSeconds("maxHours", SecondsPerHour);
        return parts.Length == 0 ? null : [.. parts.Select(part => new RolloutStageView(ParseNumber("stages", part) ?? 0, min, max))];
    }

    private RolloutRampView? ReadRamp()
    {
        string[] fields = [Text("rampStart"), Text("rampFactor"), Text("rampMax")];
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
            ReadNumber("rampStart") ?? 0, ReadNumber("rampFactor") ?? 0, ReadNumber("rampMax") ?? 0);
    }

    private RolloutWindowView? ReadWindow()
    {
        if (Text("windowFrom").Length == 0 && Text("windowTo").Length == 0)
        {
            return null;
        }

        if (TimeOnly.TryParse(Text("windowFrom"), CultureInfo.InvariantCulture, out TimeOnly from)
            && TimeOnly.TryParse(Text("windowTo"), CultureInfo.InvariantCulture, out TimeOnly to))
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

    private int? ReadSeconds(string field, int unit)
    {
        if (ReadNumber(field) is not { } number)
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

    private string Text(string field) => _form.Value(field).Trim();

    private double? ReadNumber(string field) => ParseNumber(field, Text(field));

    /// <summary>Null for nothing, which is the default of the relay.</summary>
    private double? ParseNumber(string field, string text)
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

    private int? ReadWhole(string field)
    {
        string text = Text(field);
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
