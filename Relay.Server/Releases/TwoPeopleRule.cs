using Relay.Server.Http.Access;
using Relay.Server.Http.Access.Tokens;
using Relay.Server.Keys;
using Relay.Server.Models;
using Relay.Server.Repository;
using Shared.Contracts.Api;
using Shared.Contracts.Models;

namespace Relay.Server.Releases;

/// <summary>Holds specs that ask for two people: a version of such a model is approved with another API key than the one that trained it, and a
/// pending publication also with another than the one that asked for it. A key that replaces another by rotation is the same person's.</summary>
internal sealed class TwoPeopleRule(
    ModelStore models, VersionSteps steps, ApiKeyStore keys, RepositoryCache repository, SigningKeys signing)
{
    /// <summary>Why this key may not publish the versions; null when it may. Where keys are offline, those who sign with them approve, and not the
    /// one who publishes.</summary>
    public string? FindError(IReadOnlyList<ModelVersion> versions, string? publisher) =>
        signing.CanSign(repository.Read().Assignments.Targets) ? FindTrainingError(versions, publisher) : null;

    /// <summary>Why this key may not sign for a pending publication; null when it may.</summary>
    /// <param name="proposer">The key that asked for the publication; null where it is not known.</param>
    public string? FindError(IReadOnlyList<ModelVersion> versions, string? approver, string? proposer)
    {
        if (versions.FirstOrDefault(IsHeld) is not { } held)
        {
            return null;
        }

        return FindTrainingError(versions, approver) ?? (
            proposer is null
                ? $"{Asks(held)}, and the relay does not know who asked for this publication: delete it by 'relay pending delete', and publish again."
            : IsSamePerson(proposer, approver)
                ? $"{Asks(held)}, and {Name(proposer)} asked for this publication: someone other than the owner of {approver} has to sign. {Advice}"
            : null);
    }

    private bool IsHeld(ModelVersion version) => models.Find(version.Name)?.Spec is { TwoPeople: true };

    private bool IsNew(ModelVersion version) => !repository.Read().Releases.Values.Any(
        release => release.Models.Any(model => model.Name == version.Name && model.Version == version.Version));

    // What was released before was approved before.
    private string? FindTrainingError(IReadOnlyList<ModelVersion> versions, string? approver) =>
        versions.Where(IsHeld).Where(IsNew).Select(version => FindTrainingError(version, approver)).FirstOrDefault(error => error is not null);

    private string? FindTrainingError(ModelVersion version, string? approver) => steps.FindTrainer(version) is not { } trainer
        ? $"{Asks(version)}, and the relay does not know who trained it: train it again."
        : IsSamePerson(trainer, approver)
            ? $"{Asks(version)}, and {Name(trainer)} started its training: someone other than the owner of {approver} has to approve it. {Advice}"
            : null;

    private bool IsSamePerson(string one, string? other) => other is null || keys.IsSamePerson(one, other);

    private const string Advice = "Keys and tokens of one owner count as one person's, and so do two of which only one has an owner.";

    private static string Name(string actor) => TokenActor.IsToken(actor) ? $"the token of {actor}" : $"API key {actor}";

    private static string Asks(ModelVersion version) =>
        $"{version.Name} {version.Version} needs two people, as its spec says ({nameof(ModelSpec.TwoPeople)})";
}
