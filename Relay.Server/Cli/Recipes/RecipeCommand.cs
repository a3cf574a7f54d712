using System.CommandLine;
using System.Text;
using Relay.Training.Recipes;
using Shared.Contracts;

namespace Relay.Server.Cli.Recipes;

/// <summary><c>relay recipe</c>: models that train as they are.</summary>
internal static class RecipeCommand
{
    public static Command Create() => new("recipe", "Lists ready models, shows their specs, and writes what they are trained with.")
    {
        CreateList(),
        CreateShow(),
        RecipeWriteCommand.Create(),
    };

    public static Argument<string> CreateName()
    {
        Argument<string> name = new("name") { Description = "The name of a recipe." };
        name.AcceptOnlyFromAmong([.. RecipeCatalog.All.Select(r => r.Name)]);
        return name;
    }

    private static Command CreateList()
    {
        Command command = new("list", "Lists the recipes.");
        command.SetAction(async (parsed, _) =>
        {
            int width = RecipeCatalog.All.Max(r => r.Name.Length);
            foreach (Recipe recipe in RecipeCatalog.All)
            {
                await parsed.InvocationConfiguration.Output.WriteLineAsync(DisplayText.Format($"{recipe.Name.PadRight(width)}  {recipe.Summary}"));
            }

            return 0;
        });
        return command;
    }

    private static Command CreateShow()
    {
        Argument<string> name = CreateName();
        Command command = new("show", "Shows the spec of a recipe.") { name };
        command.SetAction(async (parsed, _) =>
        {
            foreach (string line in Encoding.UTF8.GetString(RecipeCatalog.Find(parsed.GetValue(name)!)!.ReadSpec()).TrimEnd().Split('\n'))
            {
                await parsed.InvocationConfiguration.Output.WriteLineAsync(DisplayText.Escape(line.TrimEnd('\r')));
            }

            return 0;
        });
        return command;
    }
}
