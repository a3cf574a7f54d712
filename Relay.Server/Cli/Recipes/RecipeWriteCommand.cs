using System.CommandLine;
using Relay.Training;
using Relay.Training.Recipes;
using Relay.Training.Recipes.Reputation;
using Shared.Contracts;
using Shared.Platform.Files;

namespace Relay.Server.Cli.Recipes;

/// <summary><c>relay recipe write</c>: the spec of a recipe and, where lists make them, its rows.</summary>
internal static class RecipeWriteCommand
{
    private const int SimulatedRequests = 24_000;

    public static Command Create()
    {
        Argument<string> name = RecipeCommand.CreateName();
        Argument<string> folder = new("folder") { Description = "The folder to write to; made where it is missing." };
        ReputationOptions lists = new();
        Command command = new("write", "Writes the spec of a recipe into a folder, with its rows where lists make them, and shows how to train it.")
        {
            name, folder,
        };
        lists.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            Recipe recipe = RecipeCatalog.Find(parsed.GetValue(name)!)!;
            if (recipe.IsSimulated)
            {
                GivenOptions.Refuse(parsed, lists.All, $"is for the recipe {RecipeCatalog.IpReputation}: leave it out");
            }

            string target = Path.GetFullPath(parsed.GetValue(folder)!);
            DurableFiles files = new();
            TextWriter output = parsed.InvocationConfiguration.Output;
            ReputationSources? sources = recipe.IsSimulated ? null : lists.Read(parsed);
            files.CreateFolder(target);
            string train = Path.Combine(target, $"{recipe.Name}-train.csv.gz");
            string heldOut = Path.Combine(target, $"{recipe.Name}-held-out.csv.gz");
            foreach (string note in sources is null ? [] : ReputationRecipe.Write(sources, train, heldOut, cancellationToken))
            {
                await output.WriteLineAsync(DisplayText.Escape(note));
            }

            string spec = Path.Combine(target, $"{recipe.Name}.json");
            files.Replace(spec, recipe.ReadSpec());
            await output.WriteLineAsync(DisplayText.Format($"Wrote {spec}{(sources is null ? "" : $", {train} and {heldOut}")}."));
            string rows = recipe.IsSimulated
                ? $"--simulate {SimulatedRequests}"
                : $"--train {Path.GetFileName(train)} --test {Path.GetFileName(heldOut)}";
            string local = recipe.IsSimulated ? rows : $"--train {train} --test {heldOut}";
            await output.WriteLineAsync("Train it here:");
            await output.WriteLineAsync(DisplayText.Format($"  relay train {spec} {local} --output {Path.Combine(target, $"{recipe.Name}.onnx")}"));
            await output.WriteLineAsync(recipe.IsSimulated
                ? "Train it on a relay:"
                : "Train it on a relay, whose folder of datasets has the two files:");
            await output.WriteLineAsync(DisplayText.Format($"  relay train {spec} {rows}"));
            return 0;
        });
        return command;
    }
}
