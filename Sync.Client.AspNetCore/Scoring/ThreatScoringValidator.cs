using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Sync.Client.AspNetCore.Scoring;

/// <summary>Validates the options when the host starts.</summary>
internal sealed class ThreatScoringValidator(IServiceProvider services, IOptions<RelaySyncOptions> node) : IValidateOptions<ThreatScoringOptions>
{
    private const int MaximumCapacity = 100_000_000;

    public ValidateOptionsResult Validate(string? name, ThreatScoringOptions options)
    {
        List<string> errors = [];
        if (FindModelError(options.Model) is { } modelError)
        {
            errors.Add(modelError);
        }

        if (options.ClientCapacity is < 1 or > MaximumCapacity)
        {
            errors.Add($"ThreatScoringOptions.ClientCapacity is {options.ClientCapacity}; expected 1 to {MaximumCapacity}.");
        }

        if (options.Policy.FindError(services.GetService<IThreatChallenge>() is not null) is { } error)
        {
            errors.Add($"ThreatScoringOptions.Policy: {error}.");
        }

        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }

    private string? FindModelError(string? model)
    {
        if (services.GetRequiredService<IServiceProviderIsService>() is var registered && !registered.IsService(typeof(SyncClient)))
        {
            return registered.IsService(typeof(IRelayModel)) ? null
                : "ThreatScoringOptions: the app has no model: call AddRelaySync, and name a model there.";
        }

        IList<string> models = node.Value.Models;
        return model is null && models.Count > 1
                ? $"ThreatScoringOptions.Model: this node runs several models: set one of {string.Join(", ", models)}."
            : model is not null && !model.Contains('/') && !models.Contains(model)
                ? $"ThreatScoringOptions.Model: this node does not run '{model}': add it to RelaySyncOptions.Models."
            : null;
    }
}
