using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Relay.Training;
using Shared.Contracts;
using Shared.Contracts.Models;

namespace Relay.Server.Cli.Local;

/// <summary>Trains in this process, without a relay, and writes the model and its card. Nothing is written where a gate refuses the model.</summary>
internal static class LocalTrainingRun
{
    /// <exception cref="CommandException">Arguments do not fit, or no model comes of the run.</exception>
    public static async Task<int> RunAsync(LocalTraining arguments, InvocationConfiguration console, CancellationToken cancellationToken)
    {
        if (arguments.Train.Count == 0 && arguments.Simulator is null)
        {
            throw new CommandException("training here needs --train FILE, or --simulate COUNT");
        }

        if (arguments.Train.Count > 1 && (arguments.Test is null || arguments.Incumbent is not null))
        {
            throw new CommandException(arguments.Test is null
                ? "several training files need --test: the file with the held-out rows"
                : "--incumbent compares with the rows of one training file; leave it out, or make one file of them");
        }

        TrainingJob job = await arguments.CreateJobAsync(cancellationToken);
        ModelFiles target = new(arguments.Output);
        target.RequireWritable(arguments.Inputs);
        TextWriter text = arguments.PrintsJson ? console.Error : console.Output;
        try
        {
            TrainedModel model = await PipelineRun.RunAsync(job, text, cancellationToken);
            cancellationToken.ThrowIfCancellationRequested();
            target.Write(model);
            await WriteAsync(text, [.. CardText.Describe(model.Card), .. Describe(model, target)]);
            await WriteJsonAsync(arguments, console, () => Succeeded(model.Card, target));
            return 0;
        }
        catch (TrainingException e)
        {
            await WriteAsync(text, GateText.Describe(e.Gates ?? []));
            await WriteJsonAsync(arguments, console, () => Failed(e));
            throw new CommandException(DisplayText.Format($"training failed, {e.Fault}: {e.Message}. Nothing was written"));
        }
    }

    private static IEnumerable<string> Describe(TrainedModel model, ModelFiles target)
    {
        if (model.UnsupportedByManagedScorer is { } reason)
        {
            yield return DisplayText.Format($"warning: the managed scorer does not run this model, nodes need ONNX Runtime: {reason}");
        }

        yield return DisplayText.Format($"Wrote {target.Model} (sha256 {model.Card.Sha256}) and {Path.GetFileName(target.Card)}.");
        yield return "It is not signed: 'relay import' brings it into a relay, which proves it again and signs it.";
    }

    private static JsonObject Succeeded(ModelCard card, ModelFiles target) => new()
    {
        ["ok"] = true,
        ["model"] = target.Model,
        ["cardFile"] = target.Card,
        ["card"] = JsonSerializer.SerializeToNode(card, ModelJson.Default.ModelCard),
    };

    private static JsonObject Failed(TrainingException failure)
    {
        JsonObject result = new() { ["ok"] = false, ["fault"] = failure.Fault.ToString(), ["detail"] = failure.Message };
        if (failure.Gates is { } gates)
        {
            result["gates"] = new JsonArray([.. gates.Select(gate => JsonSerializer.SerializeToNode(gate, ModelJson.Default.GateResult))]);
        }

        return result;
    }

    private static async Task WriteJsonAsync(LocalTraining arguments, InvocationConfiguration console, Func<JsonObject> result)
    {
        if (arguments.PrintsJson)
        {
            await console.Output.WriteLineAsync(result().ToJsonString());
        }
    }

    private static async Task WriteAsync(TextWriter output, IEnumerable<string> lines)
    {
        foreach (string line in lines)
        {
            await output.WriteLineAsync(line);
        }
    }
}
