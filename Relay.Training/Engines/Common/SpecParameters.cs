using System.Text.Json;
using Shared.Contracts.Models;

namespace Relay.Training.Engines.Common;

/// <summary>Which parameters a spec gives.</summary>
internal static class SpecParameters
{
    /// <summary>The names as JSON has them. Taken from the JSON itself, which leaves out what is not given, so that no parameter
    /// added later can be forgotten here.</summary>
    public static IEnumerable<string> Given(ModelParameters parameters) =>
        JsonSerializer.SerializeToElement(parameters, ModelJson.Default.ModelParameters).EnumerateObject().Select(p => p.Name);
}
