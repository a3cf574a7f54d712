using System.Globalization;
using System.Runtime.CompilerServices;
using Sync.Client;
using Sync.Node.Inference.Tensors;

namespace Sync.Node.Inference.Answers;

/// <summary>Answers requests with the active versions of a node. An answer is by one version, which it names.</summary>
internal sealed class InferenceService(SyncClient node, InferenceLimits limits)
{
    // A swap during a request is seldom; that many in one request means that something else is wrong.
    private const int Attempts = 16;

    private readonly ConditionalWeakTable<ActiveModelVersion, ModelBinding> _bindings = [];

    public InferenceLimits Limits => limits;

    /// <summary>True while every model has an active version.</summary>
    public bool IsReady => node.Models.All(model => node.FindActive(model.Name, out _) is not null);

    /// <summary>The active version of a model.</summary>
    /// <param name="version">The version that the caller asks for; null or empty for the active one.</param>
    /// <exception cref="InferenceException">The node does not run it, or no version is active.</exception>
    public (int Release, ActiveModelVersion Version) Find(string model, string? version)
    {
        if (node.Models.All(known => known.Name != model))
        {
            throw new InferenceException(
                InferenceFault.NotFound,
                $"this node does not run '{Cut(model)}': it runs {string.Join(", ", node.Models.Select(known => known.Name))}; --model adds one");
        }

        ActiveModelVersion active = node.FindActive(model, out int release) ?? throw NotReady(model);
        return string.IsNullOrEmpty(version) || version == active.Version.ToString(CultureInfo.InvariantCulture)
            ? (release, active)
            : throw new InferenceException(
                InferenceFault.NotFound,
                $"version '{Cut(version)}' of {model} is not active: version {active.Version} is, by release {release}; "
                    + "leave the version out to use it");
    }

    /// <summary>Answers a request.</summary>
    /// <param name="version">The version that must answer; null or empty for the active one.</param>
    /// <param name="isBinaryDefault">Whether outputs are binary where the request names none.</param>
    /// <returns>The caller disposes of it.</returns>
    /// <exception cref="InferenceException">There is no answer.</exception>
    public InferAnswer Infer(string model, string? version, InferRequest request, bool isBinaryDefault = false)
    {
        using RowBuffers rows = new();
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            (int release, ActiveModelVersion active) = Find(model, version);
            ModelBinding binding = _bindings.GetValue(active, static found => new ModelBinding(found));
            IReadOnlyList<RequestedOutput> outputs = binding.FindOutputs(request.Outputs, isBinaryDefault);
            binding.Fill(request.Inputs, rows);
            if (TryAnswer(node.Model(model), rows, active, release) is { } answer)
            {
                answer.Outputs = outputs;
                return answer;
            }
        }

        throw new InferenceException(InferenceFault.NotReady, $"the active version of {model} changes again and again: send the request again");
    }

    public static InferenceException NotReady(string model) => new(
        InferenceFault.NotReady,
        $"no version of {model} is active yet: the node has not received a release; 'relay-node status' and the log say why. Send the request again");

    /// <summary>The refusal of load and unload.</summary>
    public static InferenceException NotAllowed() => new(
        InferenceFault.NotAllowed,
        "models are not loaded or unloaded here: the channel of the relay decides which version is active. Publish a release, or use relay-node "
            + "pin, hold and follow");

    /// <returns>Null where another version became active meanwhile: the rows are made anew for it.</returns>
    private InferAnswer? TryAnswer(IRelayModel model, RowBuffers rows, ActiveModelVersion active, int release)
    {
        InferAnswer answer = new(active, release, rows.Rows);
        try
        {
            if (ModelAnswers.Compute(model, rows, answer) == active.Sha256)
            {
                return answer;
            }
        }
        catch (RelayModelException) when (node.FindActive(model.Name, out _) is { } now && now.Sha256 != active.Sha256)
        {
        }
        catch (RelayModelException refused)
        {
            answer.Dispose();
            throw new InferenceException(
                refused.Fault switch
                {
                    RelayModelFault.NotReady => InferenceFault.NotReady,
                    RelayModelFault.ScorerFailed => InferenceFault.Failed,
                    _ => InferenceFault.Malformed,
                },
                refused.Message);
        }
        catch
        {
            answer.Dispose();
            throw;
        }

        answer.Dispose();
        return null;
    }

    private static string Cut(string text) => Shared.Contracts.DisplayText.Escape(text, 100);
}
