// A node in Go: answers rows from standard input, one a line, fields separated by commas in the order of the model's inputs.
//
//	go run . https://relay:60002 root.json ca.pem MODEL [OPTION VALUE ...] < rows.csv
package main

import (
	"bufio"
	"fmt"
	"log"
	"math"
	"os"
	"strconv"
	"strings"
	"time"

	"relay.example/node/relaysync"
)

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func main() {
	words := os.Args
	if len(words) < 5 {
		log.Fatal("usage: node RELAY ROOT CA MODEL [OPTION VALUE ...] < rows.csv")
	}
	words = append([]string{"relay", words[1], "root", words[2], "ca", words[3], "model", words[4]}, words[5:]...)
	options := []relaysync.Option{}
	for i := 0; i+1 < len(words); i += 2 {
		options = append(options, relaysync.Option{Name: words[i], Value: words[i+1]})
	}
	check(relaysync.SetLog(relaysync.LevelInformation, func(_ relaysync.Level, node, message string) { log.Printf("%s: %s", node, message) }))
	defer relaysync.SetLog(0, nil)
	node, err := relaysync.Open(options...)
	check(err)
	defer node.Close()
	check(node.Start())
	check(node.WaitReady(time.Minute))
	model, err := node.Model(words[7])
	check(err)
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		inputs, _, err := model.Inputs()
		check(err)
		numbers, categories := read(strings.Split(lines.Text(), ","), inputs)
		answer, err := model.Predict(numbers, categories)
		check(err)
		fmt.Printf("%s %.9g version %d %s\n", answer.Label, answer.Probability, answer.Version, answer.Sha256)
	}
}

func read(fields []string, inputs []relaysync.Input) (numbers []float32, categories []string) {
	if len(fields) != len(inputs) {
		log.Fatalf("a line has %d fields, and the model %d inputs", len(fields), len(inputs))
	}
	for i, input := range inputs {
		field := fields[i]
		if input.IsCategory {
			categories = append(categories, field)
			continue
		}
		if field == "" {
			numbers = append(numbers, float32(math.NaN()))
			continue
		}
		number, err := strconv.ParseFloat(field, 32)
		check(err)
		numbers = append(numbers, float32(number))
	}
	return numbers, categories
}
